# Answers the release's CredentialsRequests: what its components have to be allowed in AWS. Standard input: install-config.yaml, of which only that
# counts by which the release decides what is part of it, and pull-secret.json.
receive_files
command -v oc >/dev/null || {
  echo "oc is not on the PATH of the machine that runs the installation. With credentialsMode manual it reads what the release's components may do: install the oc of release $OKD_RELEASE." >&2
  exit 1
}
image=${OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE:-$(openshift-install version | sed -n 's/^release image //p')}
oc adm release extract --from="$image" --registry-config="$assets/pull-secret.json" --credentials-requests --included --install-config="$assets/install-config.yaml" --to="$assets/requests" >&2
cd "$assets"
send_files requests/*
