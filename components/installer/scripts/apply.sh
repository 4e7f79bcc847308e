# Gives the cluster objects, of each the fields that stand there and no others. Standard input: auth/kubeconfig, and objects.json, a list.
receive_files
client=$(command -v oc || command -v kubectl) || {
  echo "neither oc nor kubectl is on the PATH of the machine that runs the installation: install the release's oc" >&2
  exit 1
}
"$client" --kubeconfig "$assets/auth/kubeconfig" apply --server-side --field-manager okd-aws --force-conflicts --filename "$assets/objects.json" >&2
