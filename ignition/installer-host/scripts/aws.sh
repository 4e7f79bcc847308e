#!/bin/bash
# The AWS command line, which CoreOS does not include: runs it in a container, with the credentials of the instance's role.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
# Without a log: the output may be secret and must not reach the journal. The container uses the host's trust bundle; without label=disable
# podman would have to relabel that file of the host.
exec podman run --rm --interactive --network host --log-driver none --security-opt label=disable \
  --volume "$TRUST_BUNDLE:$TRUST_BUNDLE:ro" --env "AWS_CA_BUNDLE=$TRUST_BUNDLE" --env AWS_REGION "$AWS_CLI_IMAGE" "$@"
