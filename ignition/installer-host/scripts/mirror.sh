#!/bin/bash
# Mirrors the image set into the registry with oc-mirror, from the public registries or from the archive in S3, and publishes the result as
# an object in S3: a line "state time volume", followed by the files that oc-mirror wrote for the cluster, one per line (path, blank,
# content as gzip and base64), or by the last lines of its output. An image set that has been mirrored is not mirrored again.
set -euo pipefail
shopt -s inherit_errexit
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
. "${OKD_MIRROR_ENV:-/etc/okd/mirror/mirror.env}"
export HOME=${HOME:-/root} # units do not have it, but oc-mirror needs it

# Without the volume this would fill the host's root disk; the unit tries again.
mountpoint --quiet "$DATA_DIRECTORY" || { echo "the data volume is not mounted on $DATA_DIRECTORY yet" >&2; exit 1; }
work=$DATA_DIRECTORY/mirror
workspace=$work/${ARCHIVE_BUCKET:+from-archive-}workspace
log=$work/log
mkdir -p "$workspace"
: >"$log"

publish() {
  { printf '%s %s %s\n' "$1" "$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)" "${DATA_DEVICE##*_}"; cat; } |
    aws s3 cp --only-show-errors - "s3://$STATE_BUCKET/$STATE_KEY"
}

failed() {
  trap - EXIT
  tail -n 20 "$log" | cut -b 1-500 | tee /dev/stderr | publish failed || true
  exit 1
}
trap failed EXIT

# Downloads the archive's parts, except those that are already here in their full size.
fetch_archive() {
  local key size file
  aws s3api list-objects-v2 --bucket "$ARCHIVE_BUCKET" --prefix "${ARCHIVE_PREFIX}archive/" --query 'Contents[].[Key,Size]' --output text >"$work/parts" || return
  grep -q '\.tar' "$work/parts" || {
    echo "s3://$ARCHIVE_BUCKET/${ARCHIVE_PREFIX}archive/ contains no archive of oc-mirror (mirror_000001.tar and so on)"
    return 1
  }
  while read -r key size <&3; do
    file=$workspace/${key##*/}
    [ "${key##*.}" = tar ] || continue
    [ "$(stat --format %s "$file" 2>/dev/null || true)" != "$size" ] || continue
    echo "fetching s3://$ARCHIVE_BUCKET/$key"
    aws s3 cp --only-show-errors "s3://$ARCHIVE_BUCKET/$key" - >"$file" || return
  done 3<"$work/parts"
}

mirror() {
  local arguments=(--v2 --config "$IMAGE_SET" --authfile "$MIRROR_AUTHFILE" --cache-dir "$work")
  if [ -n "$ARCHIVE_BUCKET" ]; then
    fetch_archive || return
    arguments+=(--from "file://$workspace")
  else
    arguments+=(--workspace "file://$workspace")
  fi
  # Files that oc-mirror wrote for another image set must not reach the cluster.
  rm -rf "$workspace/working-dir/cluster-resources"
  oc-mirror "${arguments[@]}" ${MIRROR_FLAGS:+"$MIRROR_FLAGS"} "docker://$REGISTRY"
}

if [ "$(cat "$work/done" 2>/dev/null || true)" != "$STATE_KEY" ]; then
  publish mirroring </dev/null
  okd-health tools "$MIRROR_TIMEOUT" >>"$log" 2>&1
  deadline=$((SECONDS + MIRROR_TIMEOUT))
  until [ -s "$MIRROR_AUTHFILE" ]; do
    if ((SECONDS >= deadline)); then
      echo "$MIRROR_AUTHFILE, the pull secret, has not arrived. \"journalctl --unit okd-secrets\" says why." >>"$log"
      exit 1
    fi
    sleep 1
  done
  mirror >>"$log" 2>&1 || exit
  printf '%s' "$STATE_KEY" >"$work/done"
fi

resources=$(
  cd "$workspace/working-dir/cluster-resources"
  for file in *; do
    content=$(gzip -9 -n -c "$file" | base64 -w 0)
    printf '%s %s\n' "$file" "$content"
  done
)
publish "done" <<<"$resources"
trap - EXIT
