#!/bin/bash
# An image registry, in the foreground. Argument: "push" for the one that takes images, on this machine's loopback address; "pull" for the one that nodes
# reach, at this machine's own address. Both have the same images, and the second one changes nothing.
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
# With its images in S3 it calls AWS, and has to trust what this machine trusts. A copy: the container's own directory is relabelled for it.
install -m 0600 "$TRUST_BUNDLE" "$CONFIGURATION/registry/authorities-$1.pem"
exec podman run --name "okd-registry-$1" --replace --rm --sdnotify conmon --cgroups no-conmon --log-driver passthrough \
  --network host --read-only --cap-drop all --security-opt no-new-privileges \
  --env "REGISTRY_HTTP_ADDR=$address:${REGISTRY##*:}" --env "SSL_CERT_FILE=/etc/okd/registry/authorities-$1.pem" \
  --volume "$DATA_DIRECTORY/registry:/var/lib/registry" \
  --volume "$CONFIGURATION/registry:/etc/okd/registry:ro,z" \
  "$REGISTRY_IMAGE" serve "/etc/okd/registry/$configuration.yml"
