# Prints the token of the approver's service account. Standard input: auth/kubeconfig.
receive_files
client=$(command -v oc || command -v kubectl) || {
  echo "neither oc nor kubectl is on the PATH of the machine that runs the installation: install the oc of the release" >&2
  exit 1
}
# The cluster writes the token into the Secret shortly after the Secret and the service account exist.
last=
until encoded=$("$client" --kubeconfig "$assets/auth/kubeconfig" --namespace "$TOKEN_NAMESPACE" get secret "$TOKEN_NAME" -o 'jsonpath={.data.token}' 2>"$assets/said") && [ -n "$encoded" ]; do
  # A step that reaches its time limit shows its last line.
  said=$(<"$assets/said")
  said=${said:-"The secret $TOKEN_NAME in $TOKEN_NAMESPACE has no token yet."}
  [ "$said" = "$last" ] || printf '%s\n' "$said" >&2
  last=$said
  sleep 2
done
base64 -d <<<"$encoded" >"$assets/token"
send_files token
