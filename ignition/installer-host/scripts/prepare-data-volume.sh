#!/bin/bash
# Mounts the data volume, which outlives the instance. It is formatted only if it is empty.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

# The volume is attached only after the instance has started.
deadline=$((SECONDS + DATA_WAIT_SECONDS))
until [ -e "$DATA_DEVICE" ]; do
  if ((SECONDS >= deadline)); then
    echo "the data volume $DATA_DEVICE was not attached within $DATA_WAIT_SECONDS seconds. Is it attached to this instance, and is the instance of a Nitro type?" >&2
    exit 1
  fi
  sleep 2
done

# Exit status 0: something was found, 2: nothing that blkid knows (util-linux, blkid(8)).
status=0
found=$(blkid --probe --match-tag TYPE --output value "$DATA_DEVICE") || status=$?
case "$status:$found" in
0:xfs) ;;
2:)
  if ! cmp --silent --bytes 1048576 "$DATA_DEVICE" /dev/zero; then
    echo "the data volume $DATA_DEVICE has content, but no known file system. It is not formatted: detach it, or erase its first MiB." >&2
    exit 1
  fi
  mkfs.xfs -q -L okd-data "$DATA_DEVICE"
  ;;
*)
  echo "the data volume $DATA_DEVICE has ${found:-an ambiguous file system} on it, not xfs. It is not formatted: detach it, or erase it by hand." >&2
  exit 1
  ;;
esac

mkdir -p "$DATA_DIRECTORY"
# The label in the mount options gives containers access without labelling each file.
mountpoint --quiet "$DATA_DIRECTORY" || mount -o 'context="system_u:object_r:container_file_t:s0"' "$DATA_DEVICE" "$DATA_DIRECTORY"
xfs_growfs "$DATA_DIRECTORY" >/dev/null # after a larger registryVolumeSize; nothing otherwise
mkdir -p "$DATA_DIRECTORY/registry" "$DATA_DIRECTORY/mirror"
