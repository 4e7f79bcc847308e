#!/bin/bash
# The AWS command line, which CoreOS has not: a container, with the credentials of the machine's own profile.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
# Without a log: what is printed may be secret, and the journal is not the place for it.
exec podman run --rm --interactive --network host --log-driver none --env AWS_REGION "$AWS_CLI_IMAGE" "$@"
