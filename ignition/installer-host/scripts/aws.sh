#!/bin/bash
# The AWS command line, which CoreOS has not: a container, with the credentials of the machine's own profile.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
# Without a log: what is printed may be secret, and the journal is not the place for it. It trusts the certificate authorities that the machine trusts;
# without label=disable podman would have to relabel the machine's own file for it.
exec podman run --rm --interactive --network host --log-driver none --security-opt label=disable \
  --volume "$TRUST_BUNDLE:$TRUST_BUNDLE:ro" --env "AWS_CA_BUNDLE=$TRUST_BUNDLE" --env AWS_REGION "$AWS_CLI_IMAGE" "$@"
