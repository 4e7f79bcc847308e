# Answers the release's CredentialsRequests: what its components have to be allowed in AWS. Standard input: install-config.yaml, of which only that
# counts by which the release decides what is part of it, and pull-secret.json; where the release comes from a mirror also registry-ca.crt.
receive_files
command -v oc >/dev/null || {
  echo "oc is not on the PATH of the machine that runs the installation. With credentialsMode manual it reads what the release's components may do: install the oc of release $OKD_RELEASE." >&2
  exit 1
}
# A mirror's authority: oc has no option for it before 4.16, but Go's own variable works in every release.
if [ -e "$assets/registry-ca.crt" ]; then export SSL_CERT_FILE="$assets/registry-ca.crt"; fi
# oc heeds no mirror set of this machine, so a mirrored release is named by its place in the mirror.
image=${MIRRORED_RELEASE_IMAGE:-${OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE:-$(openshift-install version | sed -n 's/^release image //p')}}
oc adm release extract --from="$image" --registry-config="$assets/pull-secret.json" --credentials-requests --included --install-config="$assets/install-config.yaml" --to="$assets/requests" >&2
cd "$assets"
send_files requests/*
