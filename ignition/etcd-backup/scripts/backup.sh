#!/bin/bash
# Backs up etcd once per slot. A slot is a scheduled time; the current slot is the newest time of the schedule that has passed. The etcd
# leader starts; after a while any control plane node with a healthy etcd takes over. All nodes may try: S3 accepts the slot's object only
# from the first one (If-None-Match), and never overwrites it.
set -euo pipefail
umask 077
. "${OKD_ETCD_BACKUP_ENV:-/etc/okd/etcd-backup.env}"

snapshots="$STATE_DIRECTORY/snapshots"
metrics="$STATE_DIRECTORY/okd_etcd_backup.prom"
mkdir -p "$snapshots"

say() { echo "$*" >&2; }

# Prints the times of the schedule after a moment, in seconds since 1970.
times() { # moment, how many
  TZ=UTC LC_ALL=C systemd-analyze calendar --base-time="@$1" --iterations="$2" "$SCHEDULE" |
    sed -nE 's/^ *(Next elapse|Iter[^:]*): ([A-Z][a-z]{2} )?([0-9].*)$/\3/p' | date --utc --file - +%s
}

# The newest time that has passed. The search window grows step by step, because an expression may stand for every hour or for one day in a
# year.
current_slot() { # now
  local days found
  for days in 1 8 32 370; do
    # Two times are at least half an hour apart.
    found=$(times $(($1 - days * 86400)) $((days * 48 + 1)) | awk -v now="$1" '$1 <= now { newest = $1 } END { print newest }')
    if [ -n "$found" ]; then
      echo "$found"
      return
    fi
  done
}

# Metrics of the local etcd member; empty if it does not answer.
member_metrics() {
  local -a tls=()
  if [[ $ETCD_URL == https:* ]]; then
    local file
    for file in CACERT:--cacert CERT:--cert KEY:--key; do
      tls+=("${file#*:}" "$(etcd_variable "ETCDCTL_${file%%:*}" | sed 's|/static-pod-certs/|/static-pod-resources/etcd-certs/|')")
    done
  fi
  curl --silent --fail --max-time 10 "${tls[@]}" "$ETCD_URL/metrics" || true
}

# A variable of the etcd operator's environment file.
etcd_variable() {
  (
    set +u
    . "$KUBERNETES/static-pod-resources/etcd-certs/configmaps/etcd-scripts/etcd.env"
    echo "${!1}"
  )
}

# Whether this node is to back up the slot now.
is_responsible() {
  local state
  state=$(member_metrics)
  if ! grep -q '^etcd_server_has_leader 1' <<<"$state"; then
    say "the etcd of this node has no leader, or does not answer"
    return 1
  fi
  grep -q '^etcd_server_is_leader 1' <<<"$state" || (($(date +%s) >= slot + TAKEOVER_SECONDS))
}

# When S3 received the object with the slot's key, in seconds since 1970. Empty if there is no object. Fails if S3 does not answer.
stored_at() {
  local time
  time=$(okd-etcd-backup-aws s3api list-objects-v2 --no-paginate --bucket "$SNAPSHOT_BUCKET" --prefix "$object" \
    --query "Contents[?Key=='$object'].LastModified | [0]" --output text) || return 1
  case "$time" in None | "") ;; *) date --utc --date "$time" +%s ;; esac
}

# Whether the slot's snapshot is stored; false if S3 does not answer. An object from before the slot is not the slot's snapshot: nodes may
# store objects with any unused key, so whoever controls one node could use up the keys of future slots and stop the backups without anybody
# noticing.
is_stored() {
  local time
  time=$(stored_at) && [ -n "$time" ] || return 1
  ! is_from_before_slot "$time"
}

is_from_before_slot() { # seconds since 1970
  (($1 < slot - CLOCK_TOLERANCE_SECONDS)) || return 1
  say "s3://$SNAPSHOT_BUCKET/$object was stored before the slot's time, at $(date --utc --date "@$1" +%Y-%m-%dT%H:%M:%SZ): it is not the slot's snapshot. Find out who stored it, and delete it."
}

# The only file that matches a pattern.
only() {
  local -a files
  mapfile -t files < <(compgen -G "$1")
  if [ "${#files[@]}" != 1 ] || [ ! -s "${files[0]}" ]; then
    say "cluster-backup.sh has written ${#files[@]} files ${1##*/}, but exactly one that is not empty is expected"
    return 1
  fi
  echo "${files[0]}"
}

# Whether a snapshot is complete: etcdctl appends the SHA-256 of the content, and the database must be valid.
verify() {
  local size sum
  size=$(stat --format %s "$1")
  if ((size % 512 != 32)); then
    say "the snapshot has $size bytes: its size shows that etcdctl has appended no checksum, so it is not complete"
    return 1
  fi
  sum=$(head --bytes $((size - 32)) "$1" | sha256sum | cut -d ' ' -f 1)
  if [ "$sum" != "$(tail --bytes 32 "$1" | od -An -v -t x1 | tr -d ' \n')" ]; then
    say "the snapshot's checksum is not the one that etcdctl has appended"
    return 1
  fi
  # cluster-backup.sh installs the release's own programs here; newer releases include etcdutl.
  local program="$KUBERNETES/static-pod-resources/bin/etcdutl"
  local -a etcdutl=("$program")
  [ -x "$program" ] || etcdutl=(podman run --rm --network none --log-driver none --authfile "$PULL_SECRET" --security-opt label=disable
    --volume "$STATE_DIRECTORY:$STATE_DIRECTORY:ro" --entrypoint etcdutl "$(etcd_variable ETCD_IMAGE)")
  "${etcdutl[@]}" snapshot status "$1" --write-out json >&2
}

# Stores a file with an unused key. S3 refuses an incomplete upload. Returns 2 if the key is in use.
put() { # bucket, key, file, metadata
  local sum errors
  sum=$(openssl dgst -sha256 -binary "$3" | base64 --wrap 0) || return 1
  if (($(stat --format %s "$3") > 5 * 1024 ** 3)); then
    say "$(basename "$3") is larger than the 5 GiB that S3 accepts in one request: defragment etcd"
    return 1
  fi
  errors=$(mktemp "$work/errors.XXXXXX") || return 1
  okd-etcd-backup-aws s3api put-object --bucket "$1" --key "$2" --body "$3" --if-none-match '*' --checksum-sha256 "$sum" \
    --metadata "$4" >/dev/null 2>"$errors" && return 0
  cat "$errors" >&2
  ! grep -q PreconditionFailed "$errors" || return 2
  return 1
}

# One attempt to back up. If a step fails, no object is stored for this slot.
back_up() {
  local snapshot resources resources_sum resources_key stored
  keep $((RETENTION_COUNT - 1)) # first, so that the disk has room for one more
  work=$(mktemp -d "$STATE_DIRECTORY/work.XXXXXX") || return 1
  # The script refuses to run while control plane operators are progressing: then there is another attempt.
  "$CLUSTER_BACKUP" "$work" >&2 || return 1
  snapshot=$(only "$work/snapshot_*.db") && resources=$(only "$work/static_kuberesources_*.tar.gz") || return 1
  verify "$snapshot" || return 1
  # The key contains the content's checksum: an interrupted attempt of another node leaves other static resources, and each snapshot names
  # the ones that belong to it.
  resources_sum=$(sha256sum "$resources" | cut -d ' ' -f 1) || return 1
  resources_key="static-resources/$name-${resources_sum:0:16}.tar.gz"
  stored=0
  put "$RESOURCES_BUCKET" "$resources_key" "$resources" "slot=$slot" || stored=$?
  [ "$stored" != 1 ] || return 1
  stored=0
  put "$SNAPSHOT_BUCKET" "$object" "$snapshot" "slot=$slot,node=$(uname --nodename),static-resources=$resources_key" || stored=$?
  if [ "$stored" = 2 ]; then
    is_stored || return 1
    say "another control plane node has stored the slot's snapshot"
    return 0
  fi
  [ "$stored" = 0 ] || return 1
  bytes=$(stat --format %s "$snapshot")
  mv "$snapshot" "$snapshots/$name.db" || return 1
  keep "$RETENTION_COUNT"
  say "stored s3://$SNAPSHOT_BUCKET/$object, $bytes bytes"
}

# Deletes all but the newest snapshots on this disk.
keep() {
  local -a files
  mapfile -t files < <(compgen -G "$snapshots/*.db" | sort --reverse)
  ((${#files[@]} <= $1)) || rm -f "${files[@]:$1}"
}

report() { # failed, newest slot that is stored, time of the next slot
  {
    gauge failed "Whether this node's last attempt to back up etcd has failed." "$1"
    gauge slot_timestamp_seconds "Newest slot whose snapshot is stored, as far as this node knows." "$2"
    gauge due_timestamp_seconds "Time of the slot after that." "$3"
  } >"$metrics.new" && mv "$metrics.new" "$metrics" || say "the metrics can't be written"
}

# One metric in Prometheus' text format. Prints nothing if the value is not a number: node-exporter rejects a whole file for one line
# without a value.
gauge() { # name, help, value
  [[ $3 =~ ^[0-9]+$ ]] || return 0
  printf '# HELP okd_etcd_backup_%s %s\n# TYPE okd_etcd_backup_%s gauge\nokd_etcd_backup_%s %s\n' "$1" "$2" "$1" "$1" "$3"
}

# Reports a failed attempt. The two times in the metrics keep their values.
report_failure() {
  report 1 "$(metric slot_timestamp_seconds | grep . || echo 0)" "$(metric due_timestamp_seconds | grep . || echo "$slot")"
}

end_if_stored() {
  is_stored || return 0
  say "the snapshot of the slot $name is stored"
  report 0 "$slot" "$next"
  exit 0
}

metric() { sed -n "s/^okd_etcd_backup_$1 //p" "$metrics" 2>/dev/null || true; }

# Publishes the metrics to node-exporter, in the textfile directory of its pod.
publish() {
  local uid
  rm -f "$STATE_DIRECTORY"/shown.* # from a run that was killed
  [ -s "$metrics" ] || report 0 0 "$(times "$(date +%s)" 1 || true)"
  for uid in $(node_exporter_pods); do
    publish_in "$POD_DIRECTORY/$uid/volumes/kubernetes.io~empty-dir/node-exporter-textfile" || say "the metrics can't be published to node-exporter's pod $uid"
  done
}

# UIDs of node-exporter's pods on this node. The kubelet names a pod's log directory <namespace>_<pod>_<UID> (kubernetes/kubernetes,
# pkg/kubelet/kuberuntime/helpers.go, BuildPodLogsDirectory). None of the three contains an underscore, so a pod of another namespace never
# matches.
node_exporter_pods() {
  local directory
  for directory in "$POD_LOG_DIRECTORY"/openshift-monitoring_node-exporter-*_*; do
    [ ! -d "$directory" ] || echo "${directory##*_}"
  done
}

# Moves the metrics into a pod's volume, to which every process of that pod may write. Nothing is opened there: the file is complete before
# it is moved, and rename(2) replaces a link or a FIFO of that name instead of following or opening it.
publish_in() { # volume's directory
  local file
  [ -d "$1" ] || return 0 # the pod no longer exists, or has not started yet
  if [ -L "$1" ] || [ ! -O "$1" ]; then
    say "$1 is a link, or is not owned by root"
    return 1
  fi
  file=$(mktemp "$STATE_DIRECTORY/shown.XXXXXX") || return 1
  # node-exporter runs as user nobody, so the file is world-readable and gets the SELinux label of the directory that node-exporter reads.
  if cat "$metrics" >"$file" && chmod 0644 "$file" && { [ ! -e /sys/fs/selinux/enforce ] || chcon --reference="$1" "$file"; } &&
    mv --force --no-target-directory "$file" "$1/okd_etcd_backup.prom"; then
    return 0
  fi
  rm -f "$file"
  return 1
}

if [ "${1:-}" = publish ]; then
  publish
  exit
fi

# Directories of attempts that were killed.
rm -rf "$STATE_DIRECTORY"/work.*
now=$(date +%s)
slot=$(current_slot "$now")
next=$(times "$now" 1)
if [ -z "$slot" ] || [ -z "$next" ]; then
  say "the schedule $SCHEDULE has no time in the last year, or none in the future"
  exit 1
fi
name=$(date --utc --date "@$slot" +%Y-%m-%dT%H-%M-%SZ)
object="snapshots/$name.db"
work=""
trap 'rm -rf "$work"' EXIT

# The slot ends at the next slot's time; the timer starts the next run only after this one has ended.
while (($(date +%s) < next - END_SECONDS)); do
  if is_responsible; then
    end_if_stored
    # Bash turns errexit off for a function that is called in a condition, so back_up itself checks every command that can fail.
    if back_up; then
      report 0 "$slot" "$next"
      exit 0
    fi
    rm -rf "$work"
    say "the attempt has failed; the next one follows in $RETRY_SECONDS seconds"
    report_failure
  fi
  sleep "$RETRY_SECONDS"
done
end_if_stored
say "the slot $name has ended without a snapshot"
report_failure
exit 1
