# What every step begins with. Runs on the executor: nothing but bash, coreutils, gzip and sed.
set -euo pipefail
umask 077 # the files below hold the cluster's keys

# A fresh directory for every attempt, gone afterwards: the installer's hidden state carries certificates that go stale.
assets=$(mktemp -d)
trap 'rm -rf "$assets"' EXIT

# Reads files from standard input, one a line: path, blank, gzipped content in base64.
receive_files() {
  local path content
  while read -r path content; do
    mkdir -p "$assets/$(dirname "$path")"
    base64 -d <<<"$content" | gunzip >"$assets/$path"
  done
}

# Writes the named files, relative to the directory, to standard output in the same form.
send_files() {
  local path content
  for path in "$@"; do
    content=$(gzip -9 -n -c "$assets/$path" | base64 -w 0) # by itself, so that a missing file ends the script
    printf '%s %s\n' "$path" "$content"
  done
}
