#!/bin/bash
# Runs an image registry in the foreground. Argument: "push" for the one that accepts pushes, on the loopback address; "pull" for the one
# that nodes pull from, on this host's own address. Both serve the same images, and the second one is read-only.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

configuration=$1
case "$1" in
push)
  address=127.0.0.1
  if [ -e "$READ_ONLY_MARK" ]; then configuration=collect; fi
  ;;
pull) address=$(okd-metadata local-ipv4) ;;
esac
# With images in S3 the registry calls AWS and must trust the CAs that this host trusts. A copy, because the container's directory gets
# relabelled.
install -m 0600 "$TRUST_BUNDLE" "$CONFIGURATION/registry/authorities-$1.pem"
exec podman run --name "okd-registry-$1" --replace --rm --sdnotify conmon --cgroups no-conmon --log-driver passthrough \
  --network host --read-only --cap-drop all --security-opt no-new-privileges \
  --env "REGISTRY_HTTP_ADDR=$address:${REGISTRY##*:}" --env "SSL_CERT_FILE=/etc/okd/registry/authorities-$1.pem" \
  --volume "$DATA_DIRECTORY/registry:/var/lib/registry" \
  --volume "$CONFIGURATION/registry:/etc/okd/registry:ro,z" \
  "$REGISTRY_IMAGE" serve "/etc/okd/registry/$configuration.yml"
