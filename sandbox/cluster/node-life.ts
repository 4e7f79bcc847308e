import { type Api, type KubeObject, undefinedIfMissing } from "./api";
import { kubeTime } from "./kube-time";
import type { SimulatedInstance } from "./machine";
import { kubeletChange } from "./node";

/** Static pods on every control plane node, with the labels from the operators' manifests. */
const staticPods = [
  { namespace: "openshift-etcd", name: "etcd", labels: { app: "etcd" } },
  { namespace: "openshift-kube-apiserver", name: "kube-apiserver", labels: { app: "openshift-kube-apiserver" } },
];

/**
 * Updates Nodes and static pods when instances stop and start: a stopped instance's kubelet is silent, and static pods restart with their instance. The real
 * node lifecycle controllers do the rest: they mark the Node and its pods as not ready, and delete the Node of a deleted instance.
 */
export class NodeLife {
  /** The last reported state of each node: the time of its boot, or "stopped". */
  private readonly reported = new Map<string, string>();
  private running = false;

  constructor(
    private readonly api: Api,
    private readonly say: (text: string) => void,
  ) {}

  /** Starts to report changes. The caller does not wait for the result. */
  advance(machines: readonly SimulatedInstance[]): void {
    if (this.running) return;
    this.running = true;
    this.reportAll(machines)
      .catch((error: unknown) => {
        this.say(`nodes: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => (this.running = false));
  }

  private async reportAll(machines: readonly SimulatedInstance[]): Promise<void> {
    for (const machine of machines) await this.report(machine).catch(undefinedIfMissing);
  }

  /** A Node that somebody has deleted is not reported. */
  private async report(machine: SimulatedInstance): Promise<void> {
    if (!machine.isRegistered) return;
    const { bootedAt } = machine;
    const now = bootedAt?.toISOString() ?? "stopped";
    if (this.reported.get(machine.node) === now) return;
    await this.api.patch(`/api/v1/nodes/${machine.node}`, kubeletChange(bootedAt !== undefined));
    if (machine.isMaster && bootedAt !== undefined) await Promise.all(staticPods.map((pod) => this.reportPod(pod, machine.node, bootedAt)));
    this.reported.set(machine.node, now);
  }

  private async reportPod({ namespace, name, labels }: (typeof staticPods)[number], node: string, bootedAt: Date): Promise<void> {
    const object: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      // The kubelet marks the mirror of a static pod with this annotation, whose value is the hash of the pod's manifest.
      metadata: { name: `${name}-${node}`, namespace, labels, annotations: { "kubernetes.io/config.mirror": name } },
      spec: { nodeName: node, containers: [{ name, image: "example.com/simulated" }], tolerations: [{ operator: "Exists" }] },
    };
    await this.api.create(object);
    const time = kubeTime(bootedAt);
    const state = { running: { startedAt: time } };
    await this.api.patchStatus(`/api/v1/namespaces/${namespace}/pods/${name}-${node}`, {
      phase: "Running",
      conditions: ["ContainersReady", "Ready"].map((type) => ({ type, status: "True", lastTransitionTime: time })),
      containerStatuses: [{ name, image: "example.com/simulated", imageID: "", ready: true, restartCount: 0, state }],
    });
  }
}
