# Waits until records that the user makes lead where the cluster needs them, for $WAIT_SECONDS at most. Standard input: one record a line, its fields
# separated by blanks: name, host to ask for, type, target, and "here" where this machine needs the record, too, or "vpc" where only the cluster's
# machines need it: then it counts for $GRACE_SECONDS only, since this machine may not see the VPC's names. Asks this machine's own resolver.
set -euo pipefail
SECONDS=0
say() { printf '[%s %d:%02d] %s\n' "$WAIT_FOR" $((SECONDS / 60)) $((SECONDS % 60)) "$*" >&2; }
listed() { paste -s -d ';' | sed 's/;/; /g'; }
# Addresses of a name, or the address itself; nothing where the name does not resolve.
addresses() { getent ahostsv4 "$1" | cut -d ' ' -f 1 | sort -u || true; }

# Lists the faults of the records that are needed "here" or in the "vpc", one a line.
missing() {
  local name host target needed found wanted
  while read -r name host _ target needed; do
    wanted=$(addresses "$target")
    # Without it this machine can't know where the record has to lead.
    if [ "$needed" != "$1" ] || [ -z "$wanted" ]; then continue; fi
    found=$(addresses "$host")
    if [ -z "$found" ]; then
      echo "$name does not resolve"
    elif [ -z "$(comm -12 <(echo "$found") <(echo "$wanted"))" ]; then
      echo "$name leads to $(paste -s -d ' ' <<<"$found"), not to $target"
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
# A load balancer's name resolves wherever the internet's names do.
unknown=$(while read -r _ _ _ target _; do [ -n "$(addresses "$target")" ] || echo "$target"; done <<<"$records" | sort -u | listed)
[ -z "$unknown" ] || say "warning: this machine does not resolve $unknown, so records that lead there are not checked"

said= last=0 since=
while :; do
  here=$(missing here)
  vpc=$(missing vpc)
  [ -n "$here$vpc" ] || break
  if [ -n "$here" ]; then
    since=
    if ((SECONDS >= WAIT_SECONDS)); then
      say "these records are not right after $WAIT_SECONDS seconds: $(listed <<<"$here")"
      echo "Create or correct them as listed above, and run the update again. A resolver may say for some minutes more that a new name does not exist." >&2
      exit 1
    fi
  else
    : "${since:=$SECONDS}"
    if ((SECONDS - since >= GRACE_SECONDS)); then
      say "warning: $(listed <<<"$vpc"), as this machine sees it. If the cluster's machines see the same, the cluster does not come up"
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
