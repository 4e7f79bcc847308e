# Prints the metadata of the CoreOS images from which the release boots.
openshift-install coreos print-stream-json >"$assets/stream.json"
send_files stream.json
