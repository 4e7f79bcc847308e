# Prints the manifests that the installer would install, so that this program can patch them. No files are kept.
receive_files
create_manifests
cd "$assets"
send_files manifests/* openshift/*
