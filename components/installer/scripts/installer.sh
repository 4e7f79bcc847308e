# Beginning of every step that runs openshift-install, after the common script.

# If the user's shell set these variables, they would change the installation invisibly to the preview. Only the configuration counts.
unset OPENSHIFT_INSTALL_OS_IMAGE_OVERRIDE OPENSHIFT_INSTALL_PRESERVE_BOOTSTRAP
[ -n "${OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE:-}" ] || unset OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE

if ! command -v openshift-install >/dev/null; then
  echo "openshift-install is not on the PATH of the machine that runs the installation. Install the binary of release $OKD_RELEASE." >&2
  exit 1
fi

# The binary determines the images and manifests: one of another release would install another cluster than the configured one.
version=$(openshift-install version | sed -n '1s/^[^ ]* v\{0,1\}//p')
case "$version" in
"$OKD_RELEASE") ;;
"${OKD_RELEASE%%.*}"."$(cut -d. -f2 <<<"$OKD_RELEASE")".*)
  if [ -z "${OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE:-}" ]; then
    echo "openshift-install on the PATH is $version, the configuration says release $OKD_RELEASE. Install that binary, change okd-aws:release, or set okd-aws:releaseImage." >&2
    exit 1
  fi
  ;;
*)
  echo "openshift-install on the PATH is $version, the configuration says release $OKD_RELEASE. Install that binary or change okd-aws:release." >&2
  exit 1
  ;;
esac

# Generates manifests from install-config.yaml with the identity that this program has chosen. The installer uses a given infraID only if its
# state contains both the infraID and the install-config, and if there is no install-config file for it to read again.
create_manifests() {
  openshift-install --dir "$assets" --log-level "$LOG_LEVEL" create install-config >&2
  rm -f "$assets/install-config.yaml"
  sed -i "1s/{/{ \"*installconfig.ClusterID\": {\"UUID\": \"$CLUSTER_ID\", \"InfraID\": \"$INFRA_ID\"},/" "$assets/.openshift_install_state.json"
  openshift-install --dir "$assets" --log-level "$LOG_LEVEL" create manifests >&2
}
