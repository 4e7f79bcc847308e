#!/bin/bash
# Installs oc, openshift-install and oc-mirror of the configured release, once; each archive is held against the vendor's checksums.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

# A list of "directory's URL, program, archive, ...": the first archive that the vendor lists counts.
wanted=$(<"$TOOL_LIST")
if [ "$(cat "$TOOL_DIRECTORY/.okd-tools" 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/tools.XXXXXX")
trap 'rm -rf "$work"' EXIT

download() {
  if [[ $1 == s3://* ]]; then
    aws s3 cp --only-show-errors "$1" - >"$2" || { echo "$1 can't be fetched" >&2; exit 1; }
    return
  fi
  if ! curl --silent --show-error --fail --location --retry "$TOOL_RETRIES" --retry-all-errors --retry-delay "$TOOL_RETRY_SECONDS" \
    --connect-timeout 30 --speed-limit 1000 --speed-time 60 --output "$2" "$1"; then
    echo "$1 can't be downloaded" >&2
    exit 1
  fi
}

mkdir -p "$TOOL_DIRECTORY"
while read -r url program archives <&3; do
  download "$url/sha256sum.txt" "$work/sha256sum.txt"
  archive=
  for candidate in $archives; do
    sum=$(awk -v name="$candidate" '$2 == name || $2 == "*" name { print $1; exit }' "$work/sha256sum.txt")
    if [ -n "$sum" ]; then
      archive=$candidate
      break
    fi
  done
  if [ -z "$archive" ]; then
    echo "$url/sha256sum.txt lists none of: $archives. Is the release right, and is there a build for this processor?" >&2
    exit 1
  fi
  download "$url/$archive" "$work/archive.tar.gz"
  if ! sha256sum --check --status <<<"$sum  $work/archive.tar.gz"; then
    echo "$url/$archive has another checksum than its sha256sum.txt says: it is not installed" >&2
    exit 1
  fi
  tar --extract --gzip --file "$work/archive.tar.gz" --directory "$work" "$program"
  # Under another name first: a program that runs is not overwritten, and none is there by half.
  install --mode 0755 "$work/$program" "$TOOL_DIRECTORY/.$program.new"
  mv "$TOOL_DIRECTORY/.$program.new" "$TOOL_DIRECTORY/$program"
done 3<"$TOOL_LIST"
printf '%s\n' "$wanted" >"$TOOL_DIRECTORY/.okd-tools"
