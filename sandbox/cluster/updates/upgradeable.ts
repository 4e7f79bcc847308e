import { type ClusterOperatorStatusCondition, condition } from "../operators";
import { type SimulatedClusterVersion, completedVersion, semantic } from "./clusterversion";

/** The fields of a ClusterOperator that are needed here. */
export interface OperatorConditions {
  readonly metadata: { readonly name?: string };
  readonly status?: { readonly conditions?: readonly ClusterOperatorStatusCondition[] };
}

export interface UpgradeableInputs {
  readonly clusterVersion: SimulatedClusterVersion;
  readonly operators: readonly OperatorConditions[];
  /** Data of the ConfigMap `openshift-config-managed/admin-gates`. */
  readonly gates: Readonly<Record<string, string>>;
  /** Data of the ConfigMap `openshift-config/admin-acks`. */
  readonly acks: Readonly<Record<string, string>>;
}

interface Failure {
  readonly type: string;
  readonly status: "False" | "True";
  readonly reason: string;
  readonly message: string;
}

/** The gate names that the operator accepts (`adminAckGateFmt`). */
const gateName = /^ack-[4-5][.]([0-9]{1,})-[^-]/;

/**
 * The conditions `Upgradeable` and `Upgradeable*` of a ClusterVersion, as the cluster version operator computes them; none if nothing
 * blocks an update. From openshift/cluster-version-operator, `pkg/cvo/upgradeable.go`, release-4.19 (release-4.22 for wording that changed
 * later).
 */
export function upgradeableConditions(inputs: UpgradeableInputs): ClusterOperatorStatusCondition[] {
  const { clusterVersion } = inputs;
  const before = clusterVersion.status?.conditions ?? [];
  const failures = [overrides(inputs), unacknowledged(inputs), notUpgradeable(inputs), inProgress(inputs)].filter(
    (each) => each !== undefined,
  );
  const [first] = failures;
  if (failures.length === 0) return [];
  if (failures.length === 1) return [condition(before, "Upgradeable", "False", first.reason, first.message)];
  const reasons = failures.map(({ reason }) => reason).join(",");
  const messages = failures.map(({ message }) => message).join("\n* ");
  const message = `Cluster should not be upgraded between ${kinds(inputs)} versions for multiple reasons: ${reasons}\n* ${messages}`;
  return [
    condition(before, "Upgradeable", "False", "MultipleReasons", message),
    ...failures.map((failure) => condition(before, failure.type, failure.status, failure.reason, failure.message)),
  ].sort((one, other) => (one.type < other.type ? -1 : 1));
}

function kinds({ clusterVersion }: UpgradeableInputs): string {
  return semantic(clusterVersion.status?.desired?.version ?? "").minor < 22 ? "minor" : "minor or major";
}

function overrides({ clusterVersion }: UpgradeableInputs): Failure | undefined {
  if (clusterVersion.spec?.overrides?.some(({ unmanaged }) => unmanaged === true) !== true) return undefined;
  return {
    type: "UpgradeableClusterVersionOverrides",
    status: "False",
    reason: "ClusterVersionOverridesSet",
    message: "Disabling ownership via cluster version overrides prevents upgrades. Please remove overrides before continuing.",
  };
}

function unacknowledged({ clusterVersion, gates, acks }: UpgradeableInputs): Failure | undefined {
  const version = completedVersion(clusterVersion.status?.history ?? []);
  if (version === "") return undefined;
  const open = Object.entries(gates).filter(
    ([name]) => gateName.exec(name)?.[1] === String(semantic(version).minor) && acks[name] !== "true",
  );
  if (open.length === 0) return undefined;
  const texts = open.map(([, text]) => text).sort();
  return { type: "UpgradeableAdminAckRequired", status: "False", reason: "AdminAckRequired", message: texts.join(" ") };
}

function notUpgradeable(inputs: UpgradeableInputs): Failure | undefined {
  const held = inputs.operators.flatMap(({ metadata, status }) => {
    const found = status?.conditions?.find(({ type }) => type === "Upgradeable");
    return found?.status === "False" ? [{ name: metadata.name ?? "", reason: found.reason, message: found.message }] : [];
  });
  if (held.length === 0) return undefined;
  const base = { type: "UpgradeableClusterOperators", status: "False" } as const;
  const should = `should not be upgraded between ${kinds(inputs)} versions`;
  const [only] = held;
  if (held.length === 1) return { ...base, reason: only.reason, message: `Cluster operator ${only.name} ${should}: ${only.message}` };
  const messages = held.map(({ name, reason, message }) => `Cluster operator ${name} ${should}: ${reason}: ${message}`);
  return {
    ...base,
    reason: "ClusterOperatorsNotUpgradeable",
    message: `Multiple cluster operators ${should}:\n* ${messages.join("\n* ")}`,
  };
}

/** The operator writes this condition with the status True, although the summary is False (`upgradeInProgressUpgradeable`). */
function inProgress({ clusterVersion }: UpgradeableInputs): Failure | undefined {
  const progressing = clusterVersion.status?.conditions?.find(({ type }) => type === "Progressing");
  if (progressing?.status !== "True") return undefined;
  return {
    type: "UpgradeableUpgradeInProgress",
    status: "True",
    reason: "UpdateInProgress",
    message: "An update is already in progress and the details are in the Progressing condition",
  };
}
