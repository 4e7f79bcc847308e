# Answers what CoreOS images the release boots from.
openshift-install coreos print-stream-json >"$assets/stream.json"
send_files stream.json
