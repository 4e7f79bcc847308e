import type { Api, KubeObject } from "./api";
import { kubeTime } from "./kube-time";

/** The stage of an installation that an operator of the release waits for before it becomes available. */
export type Stage = "control-plane" | "workers" | "router" | "names" | "registry";

/** The operators of a self-managed 4.19 cluster on AWS, by the stage for which each waits. */
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

/** Texts by stage. */
export type StageTexts = Readonly<Partial<Record<Stage, string>>>;

/** All operators, sorted. */
export const operatorNames = Object.values(operators).flat().sort();

const base = "/apis/config.openshift.io/v1/clusteroperators";

/** A condition of a ClusterOperator or a ClusterVersion. */
export interface ClusterOperatorStatusCondition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
}

/** The reason why an operator reports Upgradeable=False: the cluster must not be updated to another minor version. */
export interface Hold {
  readonly reason: string;
  readonly message: string;
}

/** An operator's report: why it is not available, why it is degraded, and why it blocks updates. */
interface OperatorReport {
  readonly reason?: string;
  readonly degraded?: string;
  readonly hold?: Hold;
}

/**
 * Simulates the release's operators. Until its stage is reached, each operator reports why it is not available; then it
 * reports that it is available.
 */
export class Operators {
  /** The last report of each operator. */
  private readonly reported = new Map<string, string>();
  /** The version of each operator, if an update has changed it. */
  private readonly versions = new Map<string, string>();

  constructor(
    private readonly api: Api,
    private readonly version: string,
    private readonly say: (text: string) => void,
  ) {}

  /**
   * Writes the reports of all operators and returns those that are not available. `pending` has the reason for each stage that is not reached. `degraded` has
   * the reason for each stage whose operators are degraded; they stay available. `holds` has the operators that report Upgradeable=False.
   */
  async report(pending: StageTexts, degraded: StageTexts = {}, holds: ReadonlyMap<string, Hold> = new Map()): Promise<string[]> {
    const waiting: string[] = [];
    await Promise.all(
      (Object.keys(operators) as Stage[]).flatMap((stage) =>
        operators[stage].map(async (name) => {
          const reason = pending[stage];
          if (reason !== undefined) waiting.push(name);
          const hold = holds.get(name);
          const report = JSON.stringify([reason, degraded[stage], hold, this.versions.get(name)]);
          const last = this.reported.get(name);
          if (last === report) return;
          await this.write(name, { reason, degraded: degraded[stage], hold });
          this.reported.set(name, report);
          const [before, degradedBefore] = last === undefined ? [] : (JSON.parse(last) as (string | null | undefined)[]);
          if (degraded[stage] !== undefined && degraded[stage] !== degradedBefore)
            this.say(`cluster operator ${name} is degraded: ${degraded[stage]}`);
          if (stage !== "control-plane" && (last === undefined || before !== (reason ?? null)))
            this.say(`cluster operator ${name} ${reason === undefined ? "is available" : `waits: ${reason}`}`);
        }),
      ),
    );
    return waiting.sort();
  }

  /**
   * Moves a few more operators, in alphabetical order, to the version of an update. The next report writes the new versions.
   *
   * @returns the operators that do not have the version yet
   */
  async update(version: string, atMost: number): Promise<string[]> {
    const found = await this.api.list<KubeObject & { status?: { versions?: { name: string; version: string }[] } }>(base);
    for (const { metadata, status } of found) {
      const own = status?.versions?.find(({ name }) => name === "operator")?.version;
      if (metadata.name !== undefined && own !== undefined && !this.versions.has(metadata.name)) this.versions.set(metadata.name, own);
    }
    const behind = operatorNames.filter((name) => this.versions.get(name) !== version);
    for (const name of behind.slice(0, atMost)) this.versions.set(name, version);
    return behind.slice(atMost);
  }

  private async write(name: string, { reason, degraded, hold }: OperatorReport): Promise<void> {
    type Operator = KubeObject & { status?: { conditions?: ClusterOperatorStatusCondition[]; versions?: object[] } };
    const operator = await this.api.get<Operator>(`${base}/${name}`);
    if (operator === undefined)
      await this.api.create({ apiVersion: "config.openshift.io/v1", kind: "ClusterOperator", metadata: { name }, spec: {} });
    const before = operator?.status?.conditions ?? [];
    const done = reason === undefined;
    const conditions = [
      condition(before, "Available", done ? "True" : "False", done ? "AsExpected" : "Installing", reason ?? "All is well"),
      condition(before, "Progressing", done ? "False" : "True", done ? "AsExpected" : "Installing", reason ?? "All is well"),
      degraded === undefined
        ? condition(before, "Degraded", "False", "AsExpected", "")
        : condition(before, "Degraded", "True", "IngressDegraded", degraded),
      condition(before, "Upgradeable", hold === undefined ? "True" : "False", hold?.reason ?? "AsExpected", hold?.message ?? ""),
    ];
    const reached = this.versions.get(name);
    // A restarted simulator has forgotten the versions, so it reports those in the cluster's objects.
    const versions = done ? [{ name: "operator", version: reached ?? this.version }] : [];
    const known = reached === undefined ? operator?.status?.versions : undefined;
    await this.api.patchStatus(`${base}/${name}`, { conditions, versions: known?.length ? known : versions });
  }
}

/** A condition. Its transition time is kept if the status has not changed. */
export function condition(
  before: readonly ClusterOperatorStatusCondition[],
  type: string,
  status: string,
  reason: string,
  message: string,
): ClusterOperatorStatusCondition {
  const last = before.find((one) => one.type === type);
  const now = kubeTime();
  return { type, status, reason, message, lastTransitionTime: last?.status === status ? last.lastTransitionTime : now };
}
