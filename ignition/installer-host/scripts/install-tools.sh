#!/bin/bash
# Installs oc, openshift-install and oc-mirror of the configured release, once. Each archive is verified with the vendor's checksums, and
# the checksums with the vendor's signature, if there is one and this host has the vendor's key.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

# Lines of "directory's URL, signature's file or -, program, archive, ...": the first archive in the vendor's list is used.
wanted=$(<"$TOOL_LIST")
if [ "$(cat "$TOOL_DIRECTORY/.okd-tools" 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/tools.XXXXXX")
trap 'rm -rf "$work"' EXIT

download() {
  if [[ $1 == s3://* ]]; then
    aws s3 cp --only-show-errors "$1" - >"$2" || { echo "$1 can't be fetched" >&2; exit 1; }
    return
  fi
  # Redirects must not lead to another protocol, either.
  if ! curl --proto "$TOOL_PROTOCOLS" --proto-redir "$TOOL_PROTOCOLS" --silent --show-error --fail --location --retry "$TOOL_RETRIES" --retry-all-errors --retry-delay "$TOOL_RETRY_SECONDS" \
    --connect-timeout 30 --speed-limit 1000 --speed-time 60 --output "$2" "$1"; then
    echo "$1 can't be downloaded" >&2
    exit 1
  fi
}

# Verifies a file with its detached or enclosing signature. The keys are those in this host's system image.
verify() { # file, signature, URL
  if [ ! -e "$TOOL_SIGNERS" ]; then
    echo "the signature of $3 is not verified: this host has no $TOOL_SIGNERS"
    return
  fi
  local -a gpg=(gpg --homedir "$work/gnupg" --batch --quiet --trust-model always)
  rm -rf "$work/gnupg" && mkdir -m 700 "$work/gnupg"
  "${gpg[@]}" --import "$TOOL_SIGNERS" 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
  if "${gpg[@]}" --verify "$2" "$1" 2>"$work/errors"; then return; fi
  # For a detached signature, this command would read the signed text from standard input. So standard input is /dev/null.
  if "${gpg[@]}" --yes --output "$1" --decrypt "$2" 2>>"$work/errors" </dev/null; then return; fi
  cat "$work/errors" >&2
  echo "$3 has no valid signature of a key in $TOOL_SIGNERS: nothing is installed from it" >&2
  exit 1
}

mkdir -p "$TOOL_DIRECTORY"
while read -r url signature program archives <&3; do
  download "$url/sha256sum.txt" "$work/sha256sum.txt"
  if [ "$signature" != - ]; then
    download "$url/$signature" "$work/signature"
    verify "$work/sha256sum.txt" "$work/signature" "$url/sha256sum.txt"
  fi
  archive=
  for candidate in $archives; do
    sum=$(awk -v name="$candidate" '$2 == name || $2 == "*" name { print $1; exit }' "$work/sha256sum.txt")
    if [ -n "$sum" ]; then
      archive=$candidate
      break
    fi
  done
  if [ -z "$archive" ]; then
    echo "$url/sha256sum.txt lists none of: $archives. Is the release correct, and is there a build for this processor?" >&2
    exit 1
  fi
  download "$url/$archive" "$work/archive.tar.gz"
  if ! sha256sum --check --status <<<"$sum  $work/archive.tar.gz"; then
    echo "$url/$archive does not have the checksum in its sha256sum.txt: it is not installed" >&2
    exit 1
  fi
  tar --extract --gzip --file "$work/archive.tar.gz" --directory "$work" "$program"
  # Installed under another name first: a running program cannot be overwritten, and a partial copy must never be visible.
  install --mode 0755 "$work/$program" "$TOOL_DIRECTORY/.$program.new"
  mv "$TOOL_DIRECTORY/.$program.new" "$TOOL_DIRECTORY/$program"
done 3<"$TOOL_LIST"
printf '%s\n' "$wanted" >"$TOOL_DIRECTORY/.okd-tools"
