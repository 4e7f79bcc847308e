#!/bin/bash
# Frees the space of layers that no image refers to. The registry only answers meanwhile: what is pushed during a collection could be lost.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

mkdir -p "$(dirname "$READ_ONLY_MARK")"
touch "$READ_ONLY_MARK"
trap 'rm -f "$READ_ONLY_MARK"; systemctl restart okd-registry.service' EXIT
systemctl restart okd-registry.service
podman exec okd-registry registry garbage-collect /etc/okd/registry/config-read-only.yml
