# Generates the manifests again, applies the patches to them, and prints the ignition configs and credentials.
# Standard input: install-config.yaml, patches under patches/, and the list of manifests to delete in patches/removed.
receive_files
create_manifests
while read -r path; do
  rm -f "${assets:?}/$path"
done <"$assets/patches/removed"
rm "$assets/patches/removed"
cp -r "$assets/patches/." "$assets/"
rm -r "$assets/patches"
openshift-install --dir "$assets" --log-level "$LOG_LEVEL" create ignition-configs >&2
# An instance that cannot read its ignition config hangs at boot without a message.
if command -v ignition-validate >/dev/null; then
  for config in bootstrap master worker; do
    ignition-validate "$assets/$config.ign" >&2 || { echo "ignition-validate refuses the ignition config $config.ign" >&2; exit 1; }
  done
fi
send_files bootstrap.ign master.ign worker.ign metadata.json auth/kubeconfig auth/kubeadmin-password
