#!/bin/bash
# Systems Manager's agent, in the foreground. It calls AWS through this machine's proxy, which podman hands on, and trusts the certificate authorities that
# this machine trusts (Go's crypto/x509 reads SSL_CERT_FILE); without label=disable podman would have to relabel the machine's own file for it.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
exec podman run --name okd-session-manager --replace --rm --network host --security-opt label=disable \
  --volume "$TRUST_BUNDLE:$TRUST_BUNDLE:ro" --env "SSL_CERT_FILE=$TRUST_BUNDLE" "$SESSION_MANAGER_IMAGE"
