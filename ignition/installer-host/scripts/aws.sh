#!/bin/bash
# The AWS command line, which CoreOS has not: a container, with the credentials of the machine's own profile.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
# Without a log: what is printed may be secret, and the journal is not the place for it.
options=(--rm --interactive --network host --log-driver none --env AWS_REGION)
# It trusts what the machine does, whose own file must not be relabelled for the container.
[ -z "$TRUST_BUNDLE" ] || options+=(--security-opt label=disable --volume "$TRUST_BUNDLE:$TRUST_BUNDLE:ro" --env "AWS_CA_BUNDLE=$TRUST_BUNDLE")
exec podman run "${options[@]}" "$AWS_CLI_IMAGE" "$@"
