#!/bin/bash
# Waits until services of this host are ready, and prints those that are not, one per line.
#   push:  the registry that accepts pushes answers over TLS and accepts its user's password
#   pull:  the registry from which nodes pull answers over TLS and accepts its user's password
#   tools: both registries answer, and the release's tools are installed
#   all:   as tools, and the approver works or waits for its account
# Arguments: push, pull, tools or all; seconds to wait.
set -euo pipefail
. "${OKD_HOST_ENV:-/etc/okd/host.env}"
deadline=$((SECONDS + $2))

# Requests the name in the certificate from the registry's own address. User and password are in a file.
registry_answers() { # push or pull
  local address=127.0.0.1 client=$CONFIGURATION/client
  [ -s "$client/curl-$1.conf" ] || { echo "the file with its password does not exist yet"; return 1; }
  [ "$1" = push ] || address=$(okd-metadata local-ipv4 2>&1) || { echo "the address of this host is unknown: $address"; return 1; }
  curl --silent --show-error --fail --noproxy '*' --max-time 10 --output /dev/null --config "$client/curl-$1.conf" \
    --cacert "$client/ca.crt" --resolve "$REGISTRY:$address" "https://$REGISTRY/v2/" 2>&1
}

tools_are_there() {
  local program
  for program in oc openshift-install oc-mirror; do
    [ -x "$TOOL_DIRECTORY/$program" ] || { echo "$program is not in $TOOL_DIRECTORY yet"; return 1; }
  done
  [ -e "$TOOL_DIRECTORY/.okd-tools" ] || { echo "they are being installed"; return 1; }
}

# The approver writes a line "time state" and a line with the reason, at least twice a minute. The approver is confined, but this script
# runs as root: whoever controls the approver may put anything into its directory. So no link is followed, no pipe is waited for, and no
# unchecked text reaches bash's arithmetic, which runs the commands in "x[$(command)]" (bash(1), "ARITHMETIC EVALUATION").
approver_works() {
  local form='^([1-9][0-9]{0,11}) (working|waiting|failing)$' head reason time state age
  if [ ! -e "$APPROVER_STATUS" ] && [ ! -L "$APPROVER_STATUS" ]; then echo "it has not started yet"; return 1; fi
  if [ -L "$APPROVER_STATUS" ] || [ ! -f "$APPROVER_STATUS" ]; then echo "$APPROVER_STATUS is not a file: find out who created it"; return 1; fi
  if ! { read -r head && read -r reason; } < <(approver_status) || ! [[ $head =~ $form ]]; then
    echo "$APPROVER_STATUS is not in the approver's format: find out which program wrote the file"
    return 1
  fi
  time=${BASH_REMATCH[1]} state=${BASH_REMATCH[2]}
  age=$(($(date +%s) - time))
  if ((age > 120)); then echo "it has written no status since $(date -u -d "@$time" +%Y-%m-%dT%H:%M:%SZ)"; return 1; fi
  if ((age < -120)); then echo "it claims to have written $APPROVER_STATUS at $(date -u -d "@$time" +%Y-%m-%dT%H:%M:%SZ), which is in the future"; return 1; fi
  [ "$state" != failing ] || { echo "$reason"; return 1; }
}

# The beginning of the approver's status file, as plain text for terminals. Double quotes are replaced, because they mark the name of the
# service in a line.
approver_status() {
  dd if="$APPROVER_STATUS" iflag=nofollow,nonblock bs=4096 count=1 status=none | LC_ALL=C tr -cd '\n -~' | tr '"' "'"
}

failed=
wait_for() { # what, its unit, command
  local what=$1 unit=$2 reason
  shift 2
  until reason=$("$@"); do
    if ((SECONDS >= deadline)); then
      echo "$what not ready in time: $reason. \"journalctl --unit $unit\" says more." >&2
      failed=yes
      return
    fi
    sleep 1
  done
}

if [ "$1" != pull ]; then wait_for "the registry that accepts pushes is" okd-registry-push registry_answers push; fi
if [ "$1" != push ]; then wait_for "the registry that nodes pull from is" okd-registry-pull registry_answers pull; fi
if [ "$1" = tools ] || [ "$1" = all ]; then wait_for "the tools are" okd-tools tools_are_there; fi
if [ "$1" = all ]; then wait_for "the certificate approver is" certificate-approver approver_works; fi
[ -z "$failed" ] || exit 1
