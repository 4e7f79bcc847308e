#!/bin/bash
# The AWS command line, which CoreOS has not: a container, with the credentials of the machine's own profile (IMDSv2, from the host's network).
set -euo pipefail
. "${OKD_ETCD_BACKUP_ENV:-/etc/okd/etcd-backup.env}"
# Where the release is mirrored, the cluster's mirror sets and pull secret lead there. The state directory is all that it may read.
exec podman run --rm --network host --log-driver none --authfile "$PULL_SECRET" --security-opt label=disable \
  --volume "$STATE_DIRECTORY:$STATE_DIRECTORY:ro" --env AWS_REGION "$AWS_CLI_IMAGE" "$@"
