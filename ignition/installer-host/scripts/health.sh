#!/bin/bash
# Waits until the registry answers with its credentials over TLS, and, called with "all", until the tools are there, too.
# Arguments: registry or all; seconds to wait.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
deadline=$((SECONDS + $2))

# The name in the certificate, at this machine's own address; user and password are in a file.
registry_answers() {
  [ -s "$CONFIGURATION/client/curl.conf" ] || { echo "its credentials are not there yet"; return 1; }
  curl --silent --show-error --fail --noproxy '*' --max-time 10 --output /dev/null --config "$CONFIGURATION/client/curl.conf" \
    --cacert "$CONFIGURATION/client/ca.crt" --resolve "$REGISTRY:127.0.0.1" "https://$REGISTRY/v2/" 2>&1
}

tools_are_there() {
  local program
  for program in oc openshift-install oc-mirror; do
    [ -x "$TOOL_DIRECTORY/$program" ] || { echo "$program is not in $TOOL_DIRECTORY yet"; return 1; }
  done
  [ -e "$TOOL_DIRECTORY/.okd-tools" ] || { echo "they are being installed"; return 1; }
}

wait_for() {
  local what=$1 unit=$2 check=$3 reason
  until reason=$("$check"); do
    if ((SECONDS >= deadline)); then
      echo "$what not ready in time: $reason. \"journalctl --unit $unit\" says more." >&2
      exit 1
    fi
    sleep 1
  done
}

wait_for "the registry is" okd-registry registry_answers
if [ "$1" = all ]; then wait_for "the tools are" okd-tools tools_are_there; fi
