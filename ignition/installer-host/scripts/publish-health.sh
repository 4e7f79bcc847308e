#!/bin/bash
# Publishes whether this host's services are ready, as an object in S3, whenever that changes: a line "state time instance" and, if they are
# not ready, the output of okd-health. The instance's ID distinguishes this instance from a replaced one. Arguments: bucket and key.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"

instance=$(okd-metadata instance-id)

# Waits up to 15 seconds: a registry that is restarted, for example for a garbage collection, is back within seconds.
state=healthy
reason=$(okd-health all 15 2>&1) || state=unhealthy
[ "$state $reason" != "$(cat "$PUBLISHED_HEALTH" 2>/dev/null || true)" ] || exit 0
printf '%s %s %s\n%s\n' "$state" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$instance" "$(cut -b 1-1000 <<<"$reason")" |
  aws s3 cp --only-show-errors - "s3://$1/$2"
mkdir -p "$(dirname "$PUBLISHED_HEALTH")"
printf '%s' "$state $reason" >"$PUBLISHED_HEALTH"
