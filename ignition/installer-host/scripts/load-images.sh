#!/bin/bash
# Loads the container images that lie in a directory, under the names that they were saved with.
set -euo pipefail
for file in "$1"/*.tar; do
  podman load --quiet --input "$file"
done
