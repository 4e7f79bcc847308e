#!/bin/bash
# Deletes layers that no image refers to. Pushes are refused meanwhile, because an image that is pushed during a collection could be lost.
# Nodes can still pull.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

mkdir -p "$(dirname "$READ_ONLY_MARK")"
touch "$READ_ONLY_MARK"
trap 'rm -f "$READ_ONLY_MARK"; systemctl restart okd-registry-push.service' EXIT
systemctl restart okd-registry-push.service
podman exec okd-registry-push registry garbage-collect /etc/okd/registry/collect.yml
