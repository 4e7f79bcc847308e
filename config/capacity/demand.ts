/** Pods of a service, and the resources that each of them requests. */
export interface Demand {
  /** The service and its pods, for messages: "Velero's server". */
  readonly consumer: string;
  readonly pods: number;
  /** Requested CPU of a pod in thousandths of a vCPU. */
  readonly cpuMillis: number;
  /** Requested memory of a pod in MiB. */
  readonly memoryMib: number;
  /** The nodes on which the pods run. */
  readonly nodes: "worker" | "infra";
}

/** CPU and memory: the part of a node that pods can request, or the requests of pods. */
export interface NodeCapacity {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

/**
 * The smallest part of a node that pods can't use. The kubelet of OpenShift reserves 500m CPU and 1 GiB of memory
 * (openshift/machine-config-operator, `templates/common/_base/files/kubelet-auto-node-sizing-enabled.yaml`, release-4.19), and evicts pods
 * when less than 100 MiB are free (kubernetes/kubernetes, `pkg/kubelet/eviction/defaults_linux.go`, release-1.33).
 */
const RESERVED: NodeCapacity = { cpuMillis: 500, memoryMib: 1024 + 100 };

/**
 * The largest part of an instance that pods can request. In fact pods can request less, because the kernel and the platform's pods need a part
 * of it.
 */
export function capacityOf({ vcpus, memoryGib }: { readonly vcpus: number; readonly memoryGib: number }): NodeCapacity {
  return {
    cpuMillis: Math.max(0, vcpus * 1000 - RESERVED.cpuMillis),
    memoryMib: Math.max(0, Math.floor(memoryGib * 1024) - RESERVED.memoryMib),
  };
}

/** How many pods of a demand fit on an empty node. */
export function podsPerNode(demand: Demand, node: NodeCapacity): number {
  const each = [
    ...(demand.cpuMillis > 0 ? [Math.floor(node.cpuMillis / demand.cpuMillis)] : []),
    ...(demand.memoryMib > 0 ? [Math.floor(node.memoryMib / demand.memoryMib)] : []),
  ];
  return Math.min(...each, Number.MAX_SAFE_INTEGER);
}

/** The CPU and memory that all pods request together. */
export function totalOf(demands: readonly Demand[]): NodeCapacity {
  return {
    cpuMillis: demands.reduce((sum, { pods, cpuMillis }) => sum + pods * cpuMillis, 0),
    memoryMib: demands.reduce((sum, { pods, memoryMib }) => sum + pods * memoryMib, 0),
  };
}

/** CPU and memory in words: "3.5 vCPU and 14.9 GiB". */
export function capacityInWords({ cpuMillis, memoryMib }: NodeCapacity): string {
  const rounded = (value: number) => String(Math.round(value * 10) / 10);
  return `${rounded(cpuMillis / 1000)} vCPU and ${rounded(memoryMib / 1024)} GiB`;
}

/** The requests of a container, as Kubernetes' quantities. */
export function resourceRequests({ cpuMillis, memoryMib }: NodeCapacity): { readonly cpu: string; readonly memory: string } {
  return { cpu: `${cpuMillis}m`, memory: `${memoryMib}Mi` };
}
