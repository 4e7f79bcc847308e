import { type SimulatedClusterVersion, completedVersion, semantic } from "./clusterversion";

/** A failed precondition. */
export interface FailedPrecondition {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
  /** The failure is only reported and blocks nothing. */
  readonly warning?: boolean;
}

export interface Summary {
  readonly blocks: boolean;
  readonly message: string;
}

/**
 * Checks an update's target against the running cluster (openshift/cluster-version-operator, `pkg/payload/precondition`, release-4.19 and
 * 4.22).
 */
export function failedPreconditions(cluster: SimulatedClusterVersion, target: string): FailedPrecondition[] {
  const failures = [rollback(cluster, target), giantHop(cluster, target), upgradeable(cluster, target), recommended(cluster, target)];
  return failures.filter((failure) => failure !== undefined);
}

/** The effect of failed preconditions. `force` turns blocking failures into warnings (`Summarize` in `precondition.go`). */
export function summarize(failures: readonly FailedPrecondition[], force: boolean): Summary | undefined {
  if (failures.length === 0) return undefined;
  const texts = failures.map(({ name, reason, message }) => `Precondition "${name}" failed because of "${reason}": ${message}`);
  const message = texts.length === 1 ? texts[0] : `Multiple precondition checks failed:\n* ${texts.join("\n* ")}`;
  const blocks = failures.some(({ warning }) => warning !== true);
  if (force && blocks) return { blocks: false, message: `Forced through blocking failures: ${message}` };
  return { blocks, message };
}

function currentVersion({ status }: SimulatedClusterVersion): string {
  return status?.desired?.version ?? "";
}

function rollback(cluster: SimulatedClusterVersion, target: string): FailedPrecondition | undefined {
  const current = semantic(currentVersion(cluster));
  if (semantic(target).compare(current) >= 0) return undefined;
  const failure = (message: string): FailedPrecondition => ({ name: "ClusterVersionRollback", reason: "LowDesiredVersion", message });
  const { history = [], desired } = cluster.status ?? {};
  const previous = history.find(({ version, image }) => version !== current.version || image !== desired?.image);
  const lower = `${target} is less than the current target ${current.version}`;
  if (previous === undefined) return failure(`${lower}, and the cluster has no previous Semantic Version`);
  if (semantic(previous.version).compare(target) !== 0) {
    return failure(
      `${lower}, and the only supported rollback is to the cluster's previous version ${previous.version} (${previous.image})`,
    );
  }
  if (semantic(previous.version).minor === current.minor) return undefined;
  return failure(
    `${lower} and matches the cluster's previous version, but rollbacks that change major or minor versions are not recommended`,
  );
}

/** A precondition that 4.19 and later releases have. */
function giantHop(cluster: SimulatedClusterVersion, target: string): FailedPrecondition | undefined {
  const current = semantic(currentVersion(cluster));
  const wanted = semantic(target);
  const name = "ClusterVersionGiantHop";
  if (current.minor < 19) return undefined;
  if (wanted.major > current.major) {
    if (current.minor >= 22 && wanted.major === 5 && wanted.minor === 0) return undefined;
    const message = `${target} has a larger major version than the current target ${current.version} (${wanted.major} > ${current.major}), and only updates within the current major version are supported.`;
    return { name, reason: "MajorVersionUpdate", message };
  }
  if (wanted.minor <= current.minor + 1) return undefined;
  const comparison = `(${wanted.major}.${wanted.minor} > ${current.major}.(${current.minor}+1))`;
  const message = `${target} is more than one minor version beyond the current target ${current.version} ${comparison}, and only updates within the current minor version or to the next minor version are supported.`;
  return { name, reason: "MultipleMinorVersionsUpdate", message };
}

function upgradeable(cluster: SimulatedClusterVersion, target: string): FailedPrecondition | undefined {
  const found = cluster.status?.conditions?.find(({ type }) => type === "Upgradeable");
  if (found?.status !== "False") return undefined;
  const name = "ClusterVersionUpgradeable";
  const current = semantic(currentVersion(cluster));
  const wanted = semantic(target);
  const patchOnly = wanted.major === current.major && wanted.minor === current.minor;
  if (!patchOnly && wanted.compare(current) > 0) return { name, reason: found.reason, message: found.message };
  if (cluster.spec?.overrides?.some(({ unmanaged }) => unmanaged === true) === true) {
    const message = "Disabling ownership via cluster version overrides prevents upgrades. Please remove overrides before continuing.";
    return { name, reason: "ClusterVersionOverridesSet", message, ...(current.minor >= 22 && { warning: true }) };
  }
  const completed = completedVersion(cluster.status?.history ?? []);
  if (!patchOnly || semantic(completed).minor >= current.minor) return undefined;
  const message = `Retarget to ${target} while a minor level update from ${completed} to ${current.version} is in progress`;
  return { name, reason: "MinorVersionClusterUpdateInProgress", message, warning: true };
}

/** This precondition never blocks: the author of the desired update may ignore the update service's advice. */
function recommended(cluster: SimulatedClusterVersion, target: string): FailedPrecondition | undefined {
  const { availableUpdates, conditionalUpdates = [], conditions = [] } = cluster.status ?? {};
  if (availableUpdates?.some(({ version }) => version === target) === true) return undefined;
  const name = "ClusterVersionRecommendedUpdate";
  const from = `from ${currentVersion(cluster)} to ${target}`;
  const warn = (reason: string, message: string): FailedPrecondition => ({ name, reason, message, warning: true });
  const risk = conditionalUpdates.find(({ release }) => release.version === target)?.conditions.find(({ type }) => type === "Recommended");
  if (risk?.status === "True") return undefined;
  if (risk !== undefined) return warn(risk.reason, `Update ${from} is not recommended:\n\n${risk.message}`);
  if ((cluster.spec?.channel ?? "") === "") {
    return warn("NoChannel", `Configured channel is unset, so the recommended status of updating ${from} is unknown.`);
  }
  const retrieved = conditions.find(({ type }) => type === "RetrievedUpdates");
  const state = `RetrievedUpdates=${retrieved?.status ?? "Unknown"} (${retrieved?.reason ?? ""})`;
  if (retrieved?.status === "True")
    return warn("UnknownUpdate", `${state}, so the update ${from} is probably neither recommended nor supported.`);
  return warn("UnknownUpdate", `${state}, so the recommended status of updating ${from} is unknown.`);
}
