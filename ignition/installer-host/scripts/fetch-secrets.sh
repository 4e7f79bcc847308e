#!/bin/bash
# Fetches this machine's secrets into files for root alone. A secret that has changed replaces its files, and the unit that
# reads them is restarted. A secret is text, one file a line: path, blank, gzipped content in base64.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
umask 077

staging=
trap 'rm -rf "$staging"' EXIT

fetch() {
  local arn=$1 directory=$2 unit=$3 path content changed=
  mkdir -p "$directory"
  staging=$(mktemp -d "$directory/.fetch.XXXXXX") # beside the files, so that they get the directory's label
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

# A young profile's rights take a while to hold everywhere.
while read -r arn directory unit <&3; do
  attempt=1
  until fetch "$arn" "$directory" "$unit"; do
    rm -rf "$staging"
    if ((attempt++ >= SECRET_ATTEMPTS)); then
      echo "the secret $arn can't be fetched. The lines above say why; the machine's profile must allow secretsmanager:GetSecretValue on it." >&2
      exit 1
    fi
    sleep "$SECRET_RETRY_SECONDS"
  done
done 3<"$SECRET_LIST"
