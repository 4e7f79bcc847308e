#!/bin/bash
# The image registry, in the foreground.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

configuration=config.yml
if [ -e "$READ_ONLY_MARK" ]; then configuration=config-read-only.yml; fi
exec podman run --name okd-registry --replace --rm --sdnotify conmon --cgroups no-conmon --log-driver passthrough \
  --network host --read-only --cap-drop all --security-opt no-new-privileges \
  --volume "$DATA_DIRECTORY/registry:/var/lib/registry" \
  --volume "$CONFIGURATION/registry:/etc/okd/registry:ro,z" \
  "$REGISTRY_IMAGE" serve "/etc/okd/registry/$configuration"
