#!/bin/sh
# Runs a program with the file system and the network of a container: velero-container.sh ROOT PYTHON PORT SOCKET [SOURCE TARGET]... -- COMMAND...
# Connections to PORT of the loopback interface go to the Unix socket SOCKET, which is outside of the container.
# The namespaces of the caller must be separate ones (unshare --mount --net --pid --fork), because mounts and processes end with them.
set -eu
root=$1
"$2" "$(dirname "$0")/velero-network.py" "$3" "$4" > "$root.network" &
shift 4
while [ ! -s "$root.network" ]; do sleep 0.1; done
mount -t tmpfs -o mode=0755 container "$root"
attach() {
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")" && : >> "$root$2"; fi
  mount --rbind "$1" "$root$2"
}
for directory in /etc /usr /proc; do attach "$directory" "$directory"; done
for link in /bin /lib /lib64; do
  if [ -L "$link" ]; then cp -P "$link" "$root$link"; elif [ -d "$link" ]; then attach "$link" "$link"; fi
done
for device in null zero random urandom; do attach "/dev/$device" "/dev/$device"; done
while [ "$1" != -- ]; do
  attach "$1" "$2"
  shift 2
done
shift
exec chroot "$root" "$@"
