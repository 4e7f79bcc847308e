# Waits, with the real installer, until the cluster has come as far as $WAIT_FOR, for $WAIT_SECONDS at most, and answers what came of
# it: nothing, or why not. Standard input: auth/kubeconfig and auth/kubeadmin-password.
receive_files
password=$(<"$assets/auth/kubeadmin-password")
SECONDS=0
status=0
# Every line says which phase it belongs to and how long that has taken, so that a log that people look into by chance is understood.
timeout --kill-after=10 "$WAIT_SECONDS" openshift-install --dir "$assets" --log-level "$LOG_LEVEL" wait-for "$WAIT_FOR" 2>&1 |
  while IFS= read -r line; do
    # When all is well the installer prints the password, and this is shown, logged and kept in the state.
    [ -z "$password" ] || line=${line//"$password"/"(pulumi stack output --show-secrets kubeadminPassword)"}
    printf '[%s %d:%02d] %s\n' "$WAIT_FOR" $((SECONDS / 60)) $((SECONDS % 60)) "$line" >&2
    printf '%s' "$line" >"$assets/last"
  done || status=$?
case $status in
0) failure= ;;
124 | 137) failure="the cluster has not come to $WAIT_FOR within $WAIT_SECONDS seconds. The installer's last line: $(cat "$assets/last" 2>/dev/null || echo none)" ;;
*) failure="openshift-install wait-for $WAIT_FOR gave up after $SECONDS seconds (exit status $status); its lines above say what it saw" ;;
esac
printf '%s' "$failure" >"$assets/failure"
send_files failure
