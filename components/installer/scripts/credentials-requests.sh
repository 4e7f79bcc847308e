# Prints the release's CredentialsRequests: the AWS permissions that its components request. Standard input: install-config.yaml (only the
# fields that decide which requests the release includes) and pull-secret.json; if the release comes from a mirror, also registry-ca.crt.
receive_files
command -v oc >/dev/null || {
  echo "oc is not on the PATH of the machine that runs the installation. With credentialsMode manual it reads the AWS permissions that the release's components request: install the oc of release $OKD_RELEASE." >&2
  exit 1
}
# The mirror's CA: oc has no option for it before 4.16, but Go's environment variable works in every release.
if [ -e "$assets/registry-ca.crt" ]; then export SSL_CERT_FILE="$assets/registry-ca.crt"; fi
# oc does not use this machine's mirror configuration, so a mirrored release is named by its image in the mirror.
image=${MIRRORED_RELEASE_IMAGE:-${OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE:-$(openshift-install version | sed -n 's/^release image //p')}}
oc adm release extract --from="$image" --registry-config="$assets/pull-secret.json" --credentials-requests --included --install-config="$assets/install-config.yaml" --to="$assets/requests" >&2
cd "$assets"
send_files requests/*
