#!/bin/sh
# Process 1 of a real node, in its own mount, process and network namespaces. When this process ends, the kernel ends all processes of the node
# and removes its mounts and network interfaces.
#   NODE_DIRECTORY   files of the node            NODE_ADDRESS, HOST_ADDRESS   both ends of the link to the host
#   CONTAINERD       directory with bin, sbin and lib/cni      REGISTRY, DNSMASQ, KUBELET   programs
#   PRIVATE          directories that the node's programs use under fixed paths; the node gets empty ones
set -eu
mount --make-rslave /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
# The kubelet sets these kernel parameters of the whole computer, unless they have its values already (kubernetes/kubernetes,
# `pkg/kubelet/cm/container_manager_linux.go`, release-1.33: setupKernelTunables). So it sees files with its values.
for parameter in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 kernel/keys/root_maxkeys=1000000 \
  kernel/keys/root_maxbytes=25000000; do
  file="/run/parameter-$(echo "${parameter%=*}" | tr / -)"
  echo "${parameter#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${parameter%=*}"
done
for directory in $PRIVATE; do mount -t tmpfs tmpfs "$directory"; done
ip link set lo up
until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip address add "$NODE_ADDRESS/30" dev eth0
ip link set eth0 up
ip route add default via "$HOST_ADDRESS"
export PATH="$CONTAINERD/bin:$CONTAINERD/sbin:$PATH"
cd "$NODE_DIRECTORY"

OTEL_TRACES_EXPORTER=none "$REGISTRY" serve "$NODE_DIRECTORY/registry.yml" >registry.log 2>&1 &
registry=$!
"$DNSMASQ" --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts --bind-interfaces --listen-address="$NODE_ADDRESS" \
  --local=/cluster.local/ --hostsdir="$NODE_DIRECTORY/names" --pid-file= --log-facility=- >dnsmasq.log 2>&1 &
dnsmasq=$!
# The images are pushed to the registry before the configurations exist, and kubelet.json is written last.
until [ -f "$NODE_DIRECTORY/kubelet.json" ]; do sleep 0.05; done
containerd --config "$NODE_DIRECTORY/containerd.toml" >containerd.log 2>&1 &
containerd=$!
until [ -S /run/containerd/containerd.sock ]; do
  kill -0 "$containerd"
  sleep 0.05
done
"$KUBELET" --config="$NODE_DIRECTORY/kubelet.json" --kubeconfig="$NODE_DIRECTORY/kubeconfig" --hostname-override="$NODE_NAME" \
  --node-ip="$NODE_ADDRESS" --node-labels="$NODE_LABELS" --cert-dir=/run/kubelet --v=2 >kubelet.log 2>&1 &
kubelet=$!
while :; do
  for each in "registry $registry" "dnsmasq $dnsmasq" "containerd $containerd" "kubelet $kubelet"; do
    if ! kill -0 "${each#* }" 2>/dev/null; then
      echo "${each%% *} has ended, and the node ends with it"
      exit 1
    fi
  done
  sleep 1
done
