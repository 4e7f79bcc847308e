# Answers the manifests that the installer would install, for this program to patch. Nothing is kept here.
receive_files
create_manifests
cd "$assets"
send_files manifests/* openshift/*
