#!/bin/bash
# Loads the container images in a directory, and gives each the name by which this host runs it: localhost/okd-aws/<file's name>:archive.
# The name with which an image was saved, if any, does not matter.
set -euo pipefail
for file in "$1"/*.tar; do
  loaded=$(podman load --quiet --input "$file") # "Loaded image: <name or ID>", podman-load(1)
  podman tag "${loaded##*: }" "localhost/okd-aws/$(basename "$file" .tar):archive"
done
