# Beginning of every step. Runs on the executor and needs only bash, coreutils, gzip and sed.
set -euo pipefail
umask 077 # the files below contain the cluster's keys

# A fresh directory for every attempt, deleted afterwards: the installer's hidden state contains certificates that expire.
assets=$(mktemp -d)
trap 'rm -rf "$assets"' EXIT

# Reads files from standard input, one per line: path, blank, content as gzip and base64.
receive_files() {
  local path content
  while read -r path content; do
    mkdir -p "$assets/$(dirname "$path")"
    base64 -d <<<"$content" | gunzip >"$assets/$path"
  done
}

# Writes the named files, relative to the directory, to standard output in the same format.
send_files() {
  local path content
  for path in "$@"; do
    content=$(gzip -9 -n -c "$assets/$path" | base64 -w 0) # a separate assignment, so that a missing file ends the script
    printf '%s %s\n' "$path" "$content"
  done
}
