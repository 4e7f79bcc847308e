#!/bin/sh
# Runs a program with the file system of a container: container.sh ROOT [SOURCE TARGET]... -- COMMAND...
# The caller's mount namespace must be its own one (unshare --mount), because the mounts end with it.
set -eu
root=$1
shift
mount -t tmpfs -o mode=0755 container "$root"
attach() {
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")"; : >> "$root$2"; fi
  mount --bind "$1" "$root$2"
}
for directory in /etc /usr /proc; do attach "$directory" "$directory"; done
for link in /bin /lib /lib64; do if [ -L "$link" ]; then cp -P "$link" "$root$link"; elif [ -d "$link" ]; then attach "$link" "$link"; fi; done
for device in null zero random urandom; do attach "/dev/$device" "/dev/$device"; done
while [ "$1" != -- ]; do
  attach "$1" "$2"
  shift 2
done
shift
exec chroot "$root" "$@"
