# Waits with the real installer until the cluster reaches $WAIT_FOR, for at most $WAIT_SECONDS, and prints the reason of a failure, or
# nothing. Standard input: auth/kubeconfig and auth/kubeadmin-password.
receive_files
password=$(<"$assets/auth/kubeadmin-password")
SECONDS=0
status=0
# Every line begins with the value of WAIT_FOR and the time since the start, so that each part of the log can be understood alone.
timeout --kill-after=10 "$WAIT_SECONDS" openshift-install --dir "$assets" --log-level "$LOG_LEVEL" wait-for "$WAIT_FOR" 2>&1 |
  while IFS= read -r line; do
    # On success the installer prints the password, but this output is shown, logged and kept in the state.
    [ -z "$password" ] || line=${line//"$password"/"(pulumi stack output --show-secrets kubeadminPassword)"}
    printf '[%s %d:%02d] %s\n' "$WAIT_FOR" $((SECONDS / 60)) $((SECONDS % 60)) "$line" >&2
    printf '%s' "$line" >"$assets/last"
  done || status=$?
case $status in
0) failure= ;;
124 | 137) failure="the cluster has not reached $WAIT_FOR within $WAIT_SECONDS seconds. The installer's last line: $(cat "$assets/last" 2>/dev/null || echo none)" ;;
*) failure="openshift-install wait-for $WAIT_FOR failed after $SECONDS seconds (exit status $status); its lines above say why" ;;
esac
printf '%s' "$failure" >"$assets/failure"
send_files failure
