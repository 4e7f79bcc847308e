#!/bin/bash
# Restarts a registry that runs but no longer answers.
set -euo pipefail
for role in push pull; do
  systemctl --quiet is-active "okd-registry-$role.service" || continue
  okd-health "$role" 60 || systemctl restart "okd-registry-$role.service"
done
