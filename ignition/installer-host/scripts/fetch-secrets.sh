#!/bin/bash
# Fetches this host's secrets into files that only root can read. A changed secret replaces its files, and the units that read them are
# restarted. A secret is text with one file per line: path, blank, content as gzip and base64.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
umask 077

staging=
trap 'rm -rf "$staging"' EXIT

fetch() {
  local arn=$1 directory=$2 unit=$3 path content changed=
  mkdir -p "$directory"
  staging=$(mktemp -d "$directory/.fetch.XXXXXX") # in the target directory, so that the files get its SELinux label
  aws secretsmanager get-secret-value --secret-id "$arn" --query SecretString --output text >"$staging/.secret" || return
  while read -r path content || [ -n "$path" ]; do
    [ -n "$path" ] || continue
    mkdir -p "$staging/$(dirname "$path")" "$directory/$(dirname "$path")" || return
    base64 -d <<<"$content" | gunzip >"$staging/$path" || return
  done <"$staging/.secret"
  while read -r path _ || [ -n "$path" ]; do
    if [ -z "$path" ] || cmp --silent "$staging/$path" "$directory/$path"; then continue; fi
    mv "$staging/$path" "$directory/$path" || return
    changed=yes
  done <"$staging/.secret"
  rm -rf "$staging"
  # Several units are separated by commas.
  [ -z "$changed" ] || [ "$unit" = - ] || systemctl try-restart --no-block ${unit//,/ }
}

# The permissions of a new role take a while until they are effective everywhere.
while read -r arn directory unit <&3; do
  attempt=1
  until fetch "$arn" "$directory" "$unit"; do
    rm -rf "$staging"
    if ((attempt++ >= SECRET_ATTEMPTS)); then
      echo "the secret $arn can't be fetched. The lines above say why. The instance's role must allow secretsmanager:GetSecretValue for it." >&2
      exit 1
    fi
    sleep "$SECRET_RETRY_SECONDS"
  done
done 3<"$SECRET_LIST"
