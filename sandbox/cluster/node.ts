import type { Instance } from "../machines";
import type { KubeObject } from "./api";
import { kubeTime } from "./kube-time";

/**
 * The name under which an instance's kubelet registers: the first of the metadata's host names, without the dot at its end, in lower case
 * (openshift/machine-config-operator, `templates/common/aws/files/usr-local-bin-aws-kubelet-nodename.yaml`, main;
 * kubernetes/component-helpers, `node/util/hostname.go`, release-1.32).
 */
export function kubeletName({ localHostname }: Pick<Instance, "localHostname">): string {
  return localHostname.split(" ")[0].replace(/\.$/, "").toLowerCase();
}

/**
 * The label of a Node whose instance runs: kwok then renews the node's lease and runs its pods in the place of the kubelet. Real nodes do not
 * have it.
 */
export const kubeletLabel = { name: "sandbox.okd-aws/kubelet", running: "running" } as const;

/** The patch of a Node whose kubelet starts or stops. */
export function kubeletChange(runs: boolean): object {
  return { metadata: { labels: { [kubeletLabel.name]: runs ? kubeletLabel.running : null } } };
}

/**
 * The taint of a Node that the cloud controller has not initialised. A kubelet with `--cloud-provider=external` registers the Node with this
 * taint (kubernetes/kubernetes, `pkg/kubelet/kubelet_node_status.go`, release-1.33: initialNode).
 */
const uninitialized = { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" };

/**
 * A Node as its kubelet registers it, with the labels that a kubelet may set itself. OpenShift's kubelets know their provider ID
 * (openshift/machine-config-operator, `templates/common/aws/files/usr-local-bin-aws-kubelet-providerid.yaml`, release-4.19); labels of zone and instance type
 * and the addresses come from the cloud controller.
 */
export function nodeObject(name: string, instance: Instance, role: string, mastersSchedulable: boolean): KubeObject {
  const master = role === "master" && !mastersSchedulable ? [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }] : [];
  const architecture = instance.architecture === "arm64" ? "arm64" : "amd64";
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        "node.openshift.io/os_id": "rhel",
        [kubeletLabel.name]: kubeletLabel.running,
      },
    },
    spec: { providerID: `aws:///${instance.zone}/${instance.id}`, taints: [uninitialized, ...master] },
  };
}

/**
 * The role labels of a pool's nodes. OpenShift's kubelets set these labels themselves, which Kubernetes' API server does
 * not allow. Control plane nodes that run workloads have the label of workers, too (openshift/machine-config-operator,
 * `pkg/controller/node/node_controller.go`, release-4.19: makeMasterNodeSchedulable).
 */
export function roleLabels(role: string, mastersSchedulable: boolean): Record<string, string> {
  const roles = role === "master" ? ["master", "control-plane", ...(mastersSchedulable ? ["worker"] : [])] : [role];
  return Object.fromEntries(roles.map((name) => [`node-role.kubernetes.io/${name}`, ""]));
}

/**
 * Fraction of an instance's memory that the kernel and the hypervisor keep. The number is a guess; Karpenter uses the
 * same number (`vmMemoryOverheadPercent`).
 */
const memoryOverhead = 0.075;

/**
 * The capacity of a Node and the part of it that pods can use, in Kubernetes' quantities. The kubelet reserves 500m of the processors, 1 GiB of
 * the memory and 1 GiB of the disk (openshift/machine-config-operator,
 * `templates/common/_base/files/kubelet-auto-node-sizing-enabled.yaml`, release-4.19). It evicts pods when less than 100 MiB of memory or 10 %
 * of the disk are free (kubernetes/kubernetes, `pkg/kubelet/eviction/defaults_linux.go`, release-1.33).
 */
export function nodeResources({ cpus, memoryMib }: Pick<Instance, "cpus" | "memoryMib">): { capacity: object; allocatable: object } {
  const memory = Math.floor(memoryMib * (1 - memoryOverhead));
  const diskGib = 120;
  const pods = "250";
  return {
    capacity: { cpu: String(cpus), memory: `${memory}Mi`, pods, "ephemeral-storage": `${diskGib}Gi` },
    allocatable: {
      cpu: `${cpus * 1000 - 500}m`,
      memory: `${memory - 1024 - 100}Mi`,
      pods,
      "ephemeral-storage": `${diskGib * 0.9 - 1}Gi`,
    },
  };
}

/** The boot id of the instance's current boot. */
export function bootOf({ id, launched }: Instance): string {
  return `${id}-${launched.getTime()}`;
}

/** The status of a Node, without the addresses: the cloud controller writes them. */
export function nodeStatus(instance: Instance, now = new Date()): object {
  const time = kubeTime(now);
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  });
  return {
    ...nodeResources(instance),
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ],
    nodeInfo: {
      machineID: instance.id.replace("i-", "").padEnd(32, "0"),
      systemUUID: instance.id,
      bootID: bootOf(instance),
      kernelVersion: "5.14.0",
      osImage: "CentOS Stream CoreOS",
      containerRuntimeVersion: "cri-o://1.32",
      kubeletVersion: "v1.32.5",
      kubeProxyVersion: "v1.32.5",
      operatingSystem: "linux",
      architecture: instance.architecture === "arm64" ? "arm64" : "amd64",
    },
  };
}
