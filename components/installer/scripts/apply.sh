# Applies objects to the cluster: sets the fields that they contain, and no others. Standard input: auth/kubeconfig, and objects.json, a
# list. If AWAITED is the path of an API that an operator installs, the script first waits until the cluster serves it. After AWAIT_SECONDS
# it fails with AWAIT_FAILURE.
receive_files
client=$(command -v oc || command -v kubectl) || {
  echo "neither oc nor kubectl is on the PATH of the machine that runs the installation: install the oc of the release" >&2
  exit 1
}
cluster() {
  "$client" --kubeconfig "$assets/auth/kubeconfig" "$@"
}
if [ -n "${AWAITED:-}" ]; then
  until said=$(cluster get --raw "$AWAITED" 2>&1 >/dev/null); do
    if ((SECONDS >= AWAIT_SECONDS)); then
      printf '%s\n' "$AWAIT_FAILURE" "The cluster's answer to $AWAITED: $said" >&2
      exit 1
    fi
    sleep 2
  done
fi
cluster apply --server-side --field-manager okd-aws --force-conflicts --filename "$assets/objects.json" >&2
