#!/bin/bash
# Mounts the data volume. It survives the machine: it is formatted when it is empty, and never otherwise.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

# The volume is attached when the machine runs already.
deadline=$((SECONDS + DATA_WAIT_SECONDS))
until [ -e "$DATA_DEVICE" ]; do
  if ((SECONDS >= deadline)); then
    echo "the data volume $DATA_DEVICE was not attached within $DATA_WAIT_SECONDS seconds. Is it attached to this machine, and is the machine of a Nitro type?" >&2
    exit 1
  fi
  sleep 2
done

# 0: something is there, 2: nothing that blkid knows (util-linux, blkid(8)).
status=0
found=$(blkid --probe --match-tag TYPE --output value "$DATA_DEVICE") || status=$?
case "$status:$found" in
0:xfs) ;;
2:)
  if ! cmp --silent --bytes 1048576 "$DATA_DEVICE" /dev/zero; then
    echo "the data volume $DATA_DEVICE has content, but no file system that is known. It is not formatted: detach it, or erase its first MiB." >&2
    exit 1
  fi
  mkfs.xfs -q -L okd-data "$DATA_DEVICE"
  ;;
*)
  echo "the data volume $DATA_DEVICE has ${found:-an unclear file system} on it, not xfs. It is not formatted: detach it, or erase it by hand." >&2
  exit 1
  ;;
esac

mkdir -p "$DATA_DIRECTORY"
# The label lets containers in, and no file has to be labelled one by one.
mountpoint --quiet "$DATA_DIRECTORY" || mount -o 'context="system_u:object_r:container_file_t:s0"' "$DATA_DEVICE" "$DATA_DIRECTORY"
xfs_growfs "$DATA_DIRECTORY" >/dev/null # after a larger registryVolumeSize; nothing otherwise
mkdir -p "$DATA_DIRECTORY/registry" "$DATA_DIRECTORY/mirror"
