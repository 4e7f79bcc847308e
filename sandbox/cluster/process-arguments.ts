import { join } from "node:path";
import type { BootstrapConfig } from "./bootstrap-config";
import { NamedCertificate } from "./named-certificate";
import { kubeletLabel } from "./node";

/** The controllers of nodes, workloads and their volumes. */
const workloadControllers = [
  "cronjob-controller",
  "daemonset-controller",
  "deployment-controller",
  "disruption-controller",
  "endpointslice-controller",
  "endpoints-controller",
  // The cluster has no metrics, so this controller only keeps the number of pods within the autoscaler's limits.
  "horizontal-pod-autoscaler-controller",
  "job-controller",
  "node-lifecycle-controller",
  "persistentvolume-binder-controller",
  "persistentvolume-expander-controller",
  "persistentvolume-protection-controller",
  "persistentvolumeclaim-protection-controller",
  "pod-garbage-collector-controller",
  "replicaset-controller",
  "resourcequota-controller",
  "statefulset-controller",
  "taint-eviction-controller",
  "ttl-after-finished-controller",
];

export function etcdArguments(directory: string, socket: string): string[] {
  const url = `unix://${socket}`;
  // etcd requires a host and a port here even for a Unix socket. It creates a socket named `localhost:2380` in its working directory.
  const peers = "unix://localhost:2380";
  return [
    "--name=bootstrap",
    `--data-dir=${join(directory, "etcd")}`,
    // Sockets in a private directory: no other user of this computer can read the cluster's secrets.
    `--listen-client-urls=${url}`,
    "--advertise-client-urls=unix://localhost:2379",
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=bootstrap=${peers}`,
    // Faster, because etcd does not wait for the disk. A crash of this computer may then destroy the data of the simulated cluster.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

export function apiServerArguments(
  directory: string,
  etcdSocket: string,
  port: number,
  config: BootstrapConfig,
  tokenReviewFile: string,
  more: readonly string[],
): string[] {
  const tls = (name: string) => join(directory, "tls", name);
  const servers = ["kube-apiserver-internal-lb-server", "kube-apiserver-localhost-server", "kube-apiserver-service-network-server"];
  const network = config.manifest("Network").spec as { serviceNetwork: string[] };
  return [
    `--etcd-servers=unix://${etcdSocket}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    // Nothing connects to the advertised address, because no pods run. The API server refuses a loopback address, so the
    // value is an address for documentation (RFC 5737).
    "--advertise-address=192.0.2.1",
    "--endpoint-reconciler-type=none",
    `--tls-cert-file=${tls("kube-apiserver-lb-server.crt")}`,
    `--tls-private-key-file=${tls("kube-apiserver-lb-server.key")}`,
    ...servers.map((name) => `--tls-sni-cert-key=${tls(`${name}.crt`)},${tls(`${name}.key`)}`),
    NamedCertificate.prepare(join(directory, "tls"), config),
    `--client-ca-file=${tls("kube-apiserver-complete-client-ca-bundle.crt")}`,
    `--service-account-key-file=${tls("service-account.pub")}`,
    `--service-account-signing-key-file=${tls("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--api-audiences=https://kubernetes.default.svc",
    `--service-cluster-ip-range=${network.serviceNetwork.join(",")}`,
    `--requestheader-client-ca-file=${tls("aggregator-signer.crt")}`,
    "--requestheader-allowed-names=kube-apiserver-proxy,system:kube-apiserver-proxy,system:openshift-aggregator",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    `--authentication-token-webhook-config-file=${join(directory, tokenReviewFile)}`,
    "--authentication-token-webhook-version=v1",
    // A deleted token remains valid for at most this time plus ten seconds, because the API server caches every token for ten seconds.
    "--authentication-token-webhook-cache-ttl=2s",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    "--profiling=false",
    "--v=1",
    ...more,
  ];
}

export function controllerArguments(tls: string): string[] {
  return [
    `--kubeconfig=${join(tls, "..", "kubeconfig")}`,
    // Left out: csrapproving, because OpenShift itself decides about CSRs, and the controllers that talk to clouds and networks.
    "--controllers=" +
      [
        "certificatesigningrequest-signing-controller",
        "certificatesigningrequest-cleaner-controller",
        "serviceaccount-controller",
        "serviceaccount-token-controller",
        "legacy-serviceaccount-token-cleaner-controller",
        "namespace-controller",
        "garbage-collector-controller",
        "root-ca-certificate-publisher-controller",
        "clusterrole-aggregation-controller",
        ...workloadControllers,
      ].join(","),
    `--cluster-signing-cert-file=${join(tls, "kubelet-signer.crt")}`,
    `--cluster-signing-key-file=${join(tls, "kubelet-signer.key")}`,
    `--service-account-private-key-file=${join(tls, "service-account.key")}`,
    `--root-ca-file=${join(tls, "kube-apiserver-complete-server-ca-bundle.crt")}`,
    // Half of the default of 50 s (`pkg/controller/nodelifecycle/config/v1alpha1/defaults.go`), because kwok's leases last half as long as a kubelet's.
    "--node-monitor-grace-period=25s",
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--v=1",
  ];
}

/**
 * The AWS cloud controller's arguments, as its operator writes them (openshift/cluster-cloud-controller-manager-operator,
 * `pkg/cloud/aws/assets/deployment.yaml`, release-4.19), without the election of a leader and without service accounts for its controllers.
 */
export function cloudControllerArguments(directory: string, configFile: string): string[] {
  const kubeconfig = join(directory, "kubeconfig");
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--cloud-config=${configFile}`,
    "--cloud-provider=aws",
    "--configure-cloud-routes=false",
    "--leader-elect=false",
    "--secure-port=0",
    "--v=2",
  ];
}

export function schedulerArguments(directory: string): string[] {
  const kubeconfig = join(directory, "kubeconfig");
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    // The scheduler opens no port, so no other user of this computer can send requests to it.
    "--secure-port=0",
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--v=1",
  ];
}

/** kwok's arguments. kwok takes its stages from the API server, so that a test can add a stage to a running cluster. */
export function kwokArguments(directory: string, clusterNetwork: string): string[] {
  return [
    `--kubeconfig=${join(directory, "kubeconfig")}`,
    `--manage-nodes-with-label-selector=${kubeletLabel.name}=${kubeletLabel.running}`,
    "--enable-crds=Stage",
    // Half of a kubelet's 40 s (kubernetes/kubernetes, `pkg/kubelet/apis/config/v1beta1/defaults.go`, release-1.33: nodeLeaseDurationSeconds), so that a
    // stopped instance is noticed sooner. kwok renews a lease after a quarter of its duration.
    "--node-lease-duration-seconds=20",
    `--cidr=${clusterNetwork}`,
  ];
}
