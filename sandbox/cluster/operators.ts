import type { Api, KubeObject } from "./api";
import { kubeTime } from "./kube-time";

/** What must be there for an operator of the release to have done its work. */
export type Stage = "control-plane" | "workers" | "router" | "names" | "registry";

/** The operators of a self-managed 4.19 cluster on AWS, by what each waits for. */
const operators: Readonly<Record<Stage, readonly string[]>> = {
  "control-plane": [
    "baremetal",
    "cloud-controller-manager",
    "cloud-credential",
    "cluster-autoscaler",
    "config-operator",
    "control-plane-machine-set",
    "csi-snapshot-controller",
    "dns",
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-storage-version-migrator",
    "machine-api",
    "machine-approver",
    "machine-config",
    "marketplace",
    "network",
    "node-tuning",
    "olm",
    "openshift-apiserver",
    "openshift-controller-manager",
    "openshift-samples",
    "operator-lifecycle-manager",
    "operator-lifecycle-manager-catalog",
    "operator-lifecycle-manager-packageserver",
    "service-ca",
    "storage",
  ],
  workers: ["insights", "monitoring"],
  router: ["ingress"],
  names: ["authentication", "console"],
  registry: ["image-registry"],
};

/** All of them, sorted. */
export const operatorNames = Object.values(operators).flat().sort();

const base = "/apis/config.openshift.io/v1/clusteroperators";

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
}

/** Plays the release's operators: each reports what it waits for until its stage is reached, and from then on that it is available. */
export class Operators {
  /** What each was last told to report. */
  private readonly reported = new Map<string, string>();

  constructor(
    private readonly api: Api,
    private readonly version: string,
    private readonly say: (text: string) => void,
  ) {}

  /**
   * Reports for every operator: `pending` names what a stage still waits for; stages that are not in it are reached.
   * Answers the operators that are not available.
   */
  async report(pending: Readonly<Partial<Record<Stage, string>>>): Promise<string[]> {
    const waiting: string[] = [];
    await Promise.all(
      (Object.keys(operators) as Stage[]).flatMap((stage) =>
        operators[stage].map(async (name) => {
          const reason = pending[stage];
          if (reason !== undefined) waiting.push(name);
          if (this.reported.get(name) === (reason ?? "")) return;
          await this.write(name, reason);
          this.reported.set(name, reason ?? "");
          if (stage !== "control-plane") this.say(`cluster operator ${name} ${reason === undefined ? "is available" : `waits: ${reason}`}`);
        }),
      ),
    );
    return waiting.sort();
  }

  private async write(name: string, reason: string | undefined): Promise<void> {
    let operator = await this.api.get<KubeObject & { status?: { conditions?: Condition[] } }>(`${base}/${name}`);
    if (operator === undefined) {
      await this.api.create({ apiVersion: "config.openshift.io/v1", kind: "ClusterOperator", metadata: { name }, spec: {} });
      operator = undefined;
    }
    const before = operator?.status?.conditions ?? [];
    const done = reason === undefined;
    const conditions = [
      condition(before, "Available", done ? "True" : "False", done ? "AsExpected" : "Installing", reason ?? "All is well"),
      condition(before, "Progressing", done ? "False" : "True", done ? "AsExpected" : "Installing", reason ?? "All is well"),
      condition(before, "Degraded", "False", "AsExpected", ""),
      condition(before, "Upgradeable", "True", "AsExpected", ""),
    ];
    const versions = done ? [{ name: "operator", version: this.version }] : [];
    await this.api.patchStatus(`${base}/${name}`, { conditions, versions });
  }
}

/** A condition, with the time at which its status last changed. */
export function condition(before: readonly Condition[], type: string, status: string, reason: string, message: string): Condition {
  const last = before.find((one) => one.type === type);
  const now = kubeTime();
  return { type, status, reason, message, lastTransitionTime: last?.status === status ? last.lastTransitionTime : now };
}
