#!/bin/bash
# Runs Systems Manager's agent in the foreground. It calls AWS through this host's proxy, which podman passes on, and trusts the CAs that
# this host trusts (Go's crypto/x509 reads SSL_CERT_FILE). Without label=disable podman would have to relabel the host's own file.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
exec podman run --name okd-session-manager --replace --rm --network host --security-opt label=disable \
  --volume "$TRUST_BUNDLE:$TRUST_BUNDLE:ro" --env "SSL_CERT_FILE=$TRUST_BUNDLE" "$SESSION_MANAGER_IMAGE"
