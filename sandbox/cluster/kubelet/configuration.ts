import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { writePrivately } from "../../aws/private-file";
import type { NodeNetwork } from "./network";

/** Port of the node's registry, in the node's own network namespace. */
export const nodeRegistryPort = 5000;

/** The taint of the real node: only pods that tolerate it run there. */
export const nodeTaint = { key: "sandbox.okd-aws/containers", value: "real", effect: "NoSchedule" } as const;

/** Directories with fixed paths that the kubelet, containerd's shims or the network plugins write to, whatever their configuration says. */
export const privateDirectories = ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers"] as const;

/** Directory of a volume of a real node. */
export function nodeVolume(directory: string, handle: string): string {
  return join(directory, "volumes", handle);
}

export interface NodeConfiguration {
  /** Directory of the node's files. */
  readonly directory: string;
  readonly network: NodeNetwork;
  /** Directory `usr` of containerd's packages. */
  readonly containerd: string;
  /** Parent of the pods' cgroups. */
  readonly cgroup: string;
  /** Reference of the image that holds a pod's namespaces. */
  readonly pauseImage: string;
  /** File with the CA of the kubelet's clients. */
  readonly clientCa: string;
}

/** Writes the configuration of the node's registry, which the node needs before its images exist. */
export function writeRegistryConfiguration(directory: string, { nodeAddress }: NodeNetwork): void {
  const storage = { filesystem: { rootdirectory: join(directory, "registry") } };
  writePrivately(
    join(directory, "registry.yml"),
    dump({ version: 0.1, log: { level: "warn" }, storage, http: { addr: `${nodeAddress}:${nodeRegistryPort}` } }),
  );
}

/** Writes the configurations of containerd, its network plugins and the kubelet. */
export function writeNodeConfiguration(node: NodeConfiguration): void {
  const { directory, network } = node;
  const registry = `${network.nodeAddress}:${nodeRegistryPort}`;
  mkdirSync(join(directory, "certs.d", registry), { recursive: true, mode: 0o700 });
  mkdirSync(join(directory, "network"), { recursive: true, mode: 0o700 });
  writePrivately(join(directory, "certs.d", registry, "hosts.toml"), `[host."http://${registry}"]\ncapabilities = ["pull", "resolve"]\n`);
  writePrivately(join(directory, "network", "10-pods.conflist"), JSON.stringify(networkConfiguration(network), undefined, 2));
  writePrivately(join(directory, "containerd.toml"), containerdConfiguration(node));
  writePrivately(join(directory, "kubelet.json"), JSON.stringify(kubeletConfiguration(node), undefined, 2));
}

/**
 * Each pod gets a link to the node and an address in the node's range (containernetworking/plugins, `plugins/main/ptp` and
 * `plugins/ipam/host-local`, v1.1.1).
 */
function networkConfiguration({ podRange }: NodeNetwork): object {
  const ipam = { type: "host-local", ranges: [[{ subnet: podRange }]], routes: [{ dst: "0.0.0.0/0" }], dataDir: "/run/network-addresses" };
  return { cniVersion: "0.4.0", name: "pods", plugins: [{ type: "ptp", ipMasq: false, ipam }] };
}

/**
 * containerd's configuration (containerd/containerd, `docs/cri/config.md`, release/1.6). The node has neither AppArmor nor the right to lower
 * a process's OOM score, which needs CAP_SYS_RESOURCE.
 */
function containerdConfiguration({ directory, containerd, pauseImage }: NodeConfiguration): string {
  const file = (name: string) => JSON.stringify(join(directory, name));
  return `version = 2
root = ${file("containerd")}
state = "/run/containerd/state"
[grpc]
address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
path = ${file("opt")}
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${JSON.stringify(pauseImage)}
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = ${file("certs.d")}
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = ${JSON.stringify(join(containerd, "lib", "cni"))}
conf_dir = ${file("network")}
`;
}

/**
 * The kubelet's configuration (kubernetes/kubernetes, `staging/src/k8s.io/kubelet/config/v1beta1/types.go`, release-1.33). The kubelet reserves
 * nothing and evicts no pods when the computer's memory or disk is nearly full, because neither is the node's own.
 */
function kubeletConfiguration({ directory, network, cgroup, clientCa }: NodeConfiguration): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodeAddress,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: clientCa } },
    authorization: { mode: "Webhook" },
    cgroupDriver: "cgroupfs",
    cgroupRoot: cgroup,
    cgroupsPerQOS: true,
    enforceNodeAllocatable: [],
    // The kubelet of Kubernetes 1.33 warns about cgroup v1, which a computer may still have.
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    localStorageCapacityIsolation: false,
    evictionHard: { "memory.available": "0%" },
    imageGCHighThresholdPercent: 100,
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    podLogsDir: join(directory, "pod-logs"),
    // By default the kubelet makes a directory below /usr of the computer.
    volumePluginDir: join(directory, "volume-plugins"),
    clusterDNS: [network.nodeAddress],
    clusterDomain: "cluster.local",
    resolvConf: join(directory, "resolv.conf"),
    // Not an EC2 instance: with such an ID the cloud controller reports an error and leaves the Node, otherwise it would delete a Node that is not Ready.
    providerID: "sandbox://real",
    registerWithTaints: [nodeTaint],
    serverTLSBootstrap: false,
    rotateCertificates: false,
    nodeStatusUpdateFrequency: "5s",
    // Kubernetes' default of one minute would delay changed ConfigMaps and Secrets in a test.
    syncFrequency: "10s",
  };
}
