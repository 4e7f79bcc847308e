# Waits until the user's DNS records point where the cluster needs them, for at most $WAIT_SECONDS. Standard input: one record per line,
# with fields separated by blanks: name, host name to resolve, type, target, and "here" if this machine needs the record, too, or "vpc" if
# only the cluster's instances need it. A "vpc" record is waited for only $GRACE_SECONDS, because this machine may not see the VPC's names.
# Asks this machine's own resolver.
set -euo pipefail
SECONDS=0
say() { printf '[%s %d:%02d] %s\n' "$WAIT_FOR" $((SECONDS / 60)) $((SECONDS % 60)) "$*" >&2; }
listed() { paste -s -d ';' | sed 's/;/; /g'; }
# Addresses of a name, or the address itself; empty if the name does not resolve.
addresses() { getent ahostsv4 "$1" | cut -d ' ' -f 1 | sort -u || true; }

# Lists the problems of the records that are needed "here" or in the "vpc", one per line.
missing() {
  local name host target needed found wanted
  while read -r name host _ target needed; do
    wanted=$(addresses "$target")
    # Unless the target resolves, this machine cannot know where the record must point.
    if [ "$needed" != "$1" ] || [ -z "$wanted" ]; then continue; fi
    found=$(addresses "$host")
    if [ -z "$found" ]; then
      echo "$name does not resolve"
    elif [ -z "$(comm -12 <(echo "$found") <(echo "$wanted"))" ]; then
      echo "$name points to $(paste -s -d ' ' <<<"$found"), not to $target"
    fi
  done <<<"$records"
}

records=$(grep .)
say "the cluster needs these DNS records, which you create:"
sed -E 's/^(\S+) \S+ (\S+) (\S+) .*/  \1 \2 \3/' <<<"$records" >&2
if ! command -v getent >/dev/null; then
  say "warning: there is no getent on this machine, so the records are not checked"
  exit 0
fi
# A load balancer's name resolves wherever names of the internet do.
unknown=$(while read -r _ _ _ target _; do [ -n "$(addresses "$target")" ] || echo "$target"; done <<<"$records" | sort -u | listed)
[ -z "$unknown" ] || say "warning: this machine does not resolve $unknown, so records that point there are not checked"

said= last=0 since=
while :; do
  here=$(missing here)
  vpc=$(missing vpc)
  [ -n "$here$vpc" ] || break
  if [ -n "$here" ]; then
    since=
    if ((SECONDS >= WAIT_SECONDS)); then
      say "these records are still wrong after $WAIT_SECONDS seconds: $(listed <<<"$here")"
      echo "Create or correct them as listed above, and run the update again. For some minutes a resolver may still answer that a new name does not exist." >&2
      exit 1
    fi
  else
    : "${since:=$SECONDS}"
    if ((SECONDS - since >= GRACE_SECONDS)); then
      say "warning: $(listed <<<"$vpc"), as seen from this machine. If the cluster's instances see the same, the cluster does not come up"
      break
    fi
  fi
  now=$(sed '/^$/d' <<<"$here"$'\n'"$vpc" | listed)
  if [ "$now" != "$said" ] || ((SECONDS - last >= 60)); then
    say "waiting: $now"
    said=$now
    last=$SECONDS
  fi
  sleep "$PAUSE_SECONDS"
done
say "done"
