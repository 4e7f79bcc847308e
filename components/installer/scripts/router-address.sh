# Prints the DNS name of the default router's load balancer, once it exists. Standard input: auth/kubeconfig.
receive_files
client=$(command -v oc || command -v kubectl) || {
  echo "neither oc nor kubectl is on the PATH of the machine that runs the installation: install the oc of the release" >&2
  exit 1
}
last=
until "$client" --kubeconfig "$assets/auth/kubeconfig" --namespace openshift-ingress get service router-default --ignore-not-found \
  -o 'jsonpath={.status.loadBalancer.ingress[0].hostname}' >"$assets/address" 2>"$assets/said" && [ -s "$assets/address" ]; do
  # A step that reaches its time limit shows its last line.
  said=$(<"$assets/said")
  said=${said:-"The service router-default in openshift-ingress has no load balancer yet."}
  [ "$said" = "$last" ] || printf '%s\n' "$said" >&2
  last=$said
  sleep 2
done
send_files address
