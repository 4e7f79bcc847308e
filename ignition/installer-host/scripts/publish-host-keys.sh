#!/bin/bash
# Publishes the public SSH host keys, so that clients know them before they connect. Lines of the form "instance type key": the instance's
# ID distinguishes this instance from a replaced one.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

instance=$(okd-metadata instance-id)

keys=
for file in "$SSH_DIRECTORY"/ssh_host_*_key.pub; do
  [ -e "$file" ] || continue
  read -r type key _ <"$file"
  keys+="$instance $type $key"$'\n'
done
if [ -z "$keys" ]; then
  echo "there is no public host key in $SSH_DIRECTORY: sshd has not created them yet" >&2
  exit 1
fi
aws ssm put-parameter --name "$HOST_KEY_PARAMETER" --type String --overwrite --value "$keys" >/dev/null
