#!/bin/bash
# The AWS command line, which CoreOS does not include: runs it in a container, with the credentials of the instance's role (IMDSv2, from the
# host's network).
set -euo pipefail
. "${OKD_ETCD_BACKUP_ENV:-/etc/okd/etcd-backup.env}"
# If the release is mirrored, the cluster's mirror sets and pull secret lead to the mirror. The container may read the state directory and
# the node's trust bundle, to which the machine config operator adds the cluster's additional CAs, such as those of a proxy that inspects
# TLS.
exec podman run --rm --network host --log-driver none --authfile "$PULL_SECRET" --security-opt label=disable \
  --volume "$STATE_DIRECTORY:$STATE_DIRECTORY:ro" --volume "$TRUST_BUNDLE:$TRUST_BUNDLE:ro" --env "AWS_CA_BUNDLE=$TRUST_BUNDLE" \
  --env AWS_REGION "$AWS_CLI_IMAGE" "$@"
