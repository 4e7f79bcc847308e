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

/** A text for some stages. */
export type StageTexts = Readonly<Partial<Record<Stage, string>>>;

/** All of them, sorted. */
export const operatorNames = Object.values(operators).flat().sort();

const base = "/apis/config.openshift.io/v1/clusteroperators";

/** A condition of a ClusterOperator or a ClusterVersion. */
export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
}

/** Why an operator says that the cluster must not go to another minor release. */
export interface Hold {
  readonly reason: string;
  readonly message: string;
}

/** What an operator reports: what it waits for, by what it is degraded, and why it holds updates up. */
interface Told {
  readonly reason?: string;
  readonly degraded?: string;
  readonly hold?: Hold;
}

/** Plays the release's operators: each reports what it waits for until its stage is reached, and from then on that it is available. */
export class Operators {
  /** What each was last told to report. */
  private readonly reported = new Map<string, string>();
  /** The version of each that an update has reached. */
  private readonly versions = new Map<string, string>();

  constructor(
    private readonly api: Api,
    private readonly version: string,
    private readonly say: (text: string) => void,
  ) {}

  /**
   * Reports for every operator: `pending` names what a stage still waits for; stages that are not in it are reached. `degraded` says by what a stage's
   * operators are degraded, which are available all the same. `holds` has those that report Upgradeable=False. Answers the operators that are not available.
   */
  async report(pending: StageTexts, degraded: StageTexts = {}, holds: ReadonlyMap<string, Hold> = new Map()): Promise<string[]> {
    const waiting: string[] = [];
    await Promise.all(
      (Object.keys(operators) as Stage[]).flatMap((stage) =>
        operators[stage].map(async (name) => {
          const reason = pending[stage];
          if (reason !== undefined) waiting.push(name);
          const hold = holds.get(name);
          const told = JSON.stringify([reason, degraded[stage], hold, this.versions.get(name)]);
          const last = this.reported.get(name);
          if (last === told) return;
          await this.write(name, { reason, degraded: degraded[stage], hold });
          this.reported.set(name, told);
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
   * Takes a few more operators to the version of an update, in the order of their names; what they report follows with the next report.
   *
   * @returns those that are not there yet
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

  private async write(name: string, { reason, degraded, hold }: Told): Promise<void> {
    type Operator = KubeObject & { status?: { conditions?: Condition[]; versions?: object[] } };
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
    // A simulator that was started again reports what the cluster's objects say.
    const versions = done ? [{ name: "operator", version: reached ?? this.version }] : [];
    const known = reached === undefined ? operator?.status?.versions : undefined;
    await this.api.patchStatus(`${base}/${name}`, { conditions, versions: known?.length ? known : versions });
  }
}

/** A condition, with the time at which its status last changed. */
export function condition(before: readonly Condition[], type: string, status: string, reason: string, message: string): Condition {
  const last = before.find((one) => one.type === type);
  const now = kubeTime();
  return { type, status, reason, message, lastTransitionTime: last?.status === status ? last.lastTransitionTime : now };
}
