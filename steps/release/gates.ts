import { type SemVer, parse } from "semver";
import { type Condition, conditionOf } from "../../lib/kubernetes/conditions";
import type { ClusterState } from "./cluster-state";
import type { ClusterVersion, ReleaseRequest } from "./request";

/** A gate's name, which contains the minor version of the release whose updates it blocks (cluster-version-operator, `pkg/cvo/upgradeable.go`, `adminAckGateFmt`, release-4.19). */
const gateName = /^ack-[4-5]\.(\d+)-[^-]/;

/**
 * Conditions of ClusterVersion, and reasons of its condition Upgradeable, that other functions of this file explain better than the cluster's own
 * message.
 */
const EXPLAINED_CONDITIONS = new Set([
  "UpgradeableAdminAckRequired",
  "UpgradeableClusterOperators",
  "UpgradeableClusterVersionOverrides",
  "UpgradeableUpgradeInProgress",
]);
const explainedReasons = new Set([
  "AdminAckRequired",
  "ClusterOperatorsNotUpgradeable",
  "ClusterVersionOverridesSet",
  "MultipleReasons",
  "UpdateInProgress",
]);

/** The obstacles of an update. */
export interface Obstacles {
  /** Problems because of which the cluster itself refuses the update, unless it is forced. */
  readonly refusals: readonly string[];
  /** Problems with which the cluster would accept the update, but `oc adm upgrade` only with --allow-upgrade-with-warnings. */
  readonly warnings: readonly string[];
}

/** All obstacles of an update, except those that the request itself removes: gates that it acknowledges, and credentials that it prepares. */
export function obstacles(state: ClusterState, request: ReleaseRequest): Obstacles {
  const { clusterVersion } = state;
  const from = parse(clusterVersion.status?.desired?.version);
  const to = parse(request.version);
  if (from === null || to === null) return { refusals: [], warnings: [] };
  const path = pathProblem(clusterVersion, from, to);
  const refusals = [
    ...(path === undefined ? [] : [path]),
    ...overrideProblems(clusterVersion, from, to),
    ...(isNewMinor(from, to) ? minorProblems(state, request, from) : []),
  ];
  return { refusals, warnings: healthProblems(clusterVersion) };
}

/** Whether an update leads to a higher minor or major version: Upgradeable=False blocks only these. */
export function isNewMinor(from: SemVer, to: SemVer): boolean {
  return to.major > from.major || (to.major === from.major && to.minor > from.minor);
}

/** Gates of the running release that are not acknowledged. */
export function openGates({ gates, acks, clusterVersion }: ClusterState): string[] {
  const { history = [], desired } = clusterVersion.status ?? {};
  const completed = history.find(({ state }) => state === "Completed")?.version ?? desired?.version;
  const minor = parse(completed)?.minor;
  return Object.keys(gates)
    .filter((name) => gateName.exec(name)?.[1] === String(minor) && acks[name] !== "true")
    .sort();
}

/**
 * Checks the preconditions of the cluster version operator: ClusterVersionRollback, and ClusterVersionGiantHop from 4.19 on
 * (`pkg/payload/precondition/clusterversion`). Older operators do not check for a skipped minor version, but an update that skips one is not
 * supported there either.
 */
function pathProblem({ status }: ClusterVersion, from: SemVer, to: SemVer): string | undefined {
  if (to.compare(from) < 0) {
    const previous = status?.history?.find(({ version, image }) => version !== from.version || image !== status.desired?.image);
    if (previous?.version === to.version && from.major === to.major && from.minor === to.minor) return undefined;
    const isCandidate = from.compareMain(to) === 0 && /-okd-scos\.(ec|rc)\./.test(from.version);
    return (
      `${to.version} is lower than ${from.version}, the release that the cluster runs. A cluster can go back only to the previous release, and only within ` +
      `a minor version. Set release to ${from.version} or a higher one.` +
      // The cluster compares versions as semantic versions, in which letters are higher than numbers (github.com/blang/semver).
      (isCandidate ? " In the cluster's comparison of versions, a release candidate of OKD is higher than the release." : "")
    );
  }
  // From 4.22 on, 5.0 also counts as the next minor version.
  const next = from.major === to.major ? to.minor === from.minor + 1 : from.minor >= 22 && to.major === 5 && to.minor === 0;
  if (!isNewMinor(from, to) || next) return undefined;
  return (
    `${to.version} skips at least one minor version: the cluster runs ${from.version}. Set release to a ${from.major}.${from.minor + 1} release first, ` +
    `and to ${to.version} when that update is complete.`
  );
}

/** Overrides block every update up to 4.21, and from 4.22 on only updates to another minor version. */
function overrideProblems({ spec }: ClusterVersion, from: SemVer, to: SemVer): string[] {
  const unmanaged = (spec?.overrides ?? []).filter((each) => each.unmanaged === true);
  if (unmanaged.length === 0 || (from.minor >= 22 && !isNewMinor(from, to))) return [];
  const names = unmanaged.map(({ kind = "?", namespace = "", name = "?" }) => `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`);
  return [
    `ClusterVersion has overrides, with which the cluster accepts no update: ${names.join(", ")}. Remove them: ` +
      `oc patch clusterversion version --type json --patch '[{"op":"remove","path":"/spec/overrides"}]'.`,
  ];
}

/** Problems because of which ClusterVersion has Upgradeable=False. */
function minorProblems(state: ClusterState, request: ReleaseRequest, from: SemVer): string[] {
  const held = state.operators.flatMap(({ metadata, status }) => {
    const found = conditionOf(status?.conditions, "Upgradeable");
    return found?.status === "False" ? [{ name: metadata.name, condition: found }] : [];
  });
  const blocking = held.filter(({ condition }) => condition.reason !== "MissingUpgradeableAnnotation" || request.secrets === undefined);
  return [
    ...gateProblems(state, request),
    ...blocking.map(({ name, condition }) => operatorProblem(name, condition, from)),
    ...otherProblems(state, new Set(held.map(({ condition }) => condition.reason ?? ""))),
  ];
}

function gateProblems(state: ClusterState, { acknowledgedGates = [] }: ReleaseRequest): string[] {
  const open = openGates(state).filter((gate) => !acknowledgedGates.includes(gate));
  return open.map((gate, index) => {
    const path = `acknowledgedUpdateGates[${acknowledgedGates.length + index}]`;
    return (
      `The gate ${gate} is not acknowledged. Its text: ${sentence(state.gates[gate])} When you have done what it asks for, acknowledge it: ` +
      `pulumi config set --path '${path}' ${gate}, or oc -n openshift-config patch cm admin-acks --type merge --patch '{"data":{"${gate}":"true"}}'.`
    );
  });
}

function operatorProblem(name: string, condition: Condition, from: SemVer): string {
  const why = `The operator ${name} blocks updates from ${from.major}.${from.minor} to another minor version (Upgradeable=False): ${reasonAndMessage(condition)}`;
  // openshift/operator-framework-olm, `pkg/controller/operators/openshift/clusteroperator_controller.go` of its operator-lifecycle-manager, release-4.19
  if (condition.reason === "IncompatibleOperatorsInstalled")
    return `${why} Update these operators first, to versions that support the next release (docs/operators.md).`;
  if (condition.reason !== "MissingUpgradeableAnnotation") return why;
  return (
    `${why} The cluster's credentials mode is Manual, and this stack has no roles for its components. Prepare their credentials, then confirm it: ` +
    "oc annotate cloudcredential cluster cloudcredential.openshift.io/upgradeable-to=<minor version>."
  );
}

/** Other reasons that ClusterVersion gives, such as unfinished deletions. */
function otherProblems({ clusterVersion }: ClusterState, operatorReasons: ReadonlySet<string>): string[] {
  const conditions = (clusterVersion.status?.conditions ?? []).filter(
    ({ type, status }) => type.startsWith("Upgradeable") && status === "False",
  );
  const details = conditions.filter(({ type }) => type !== "Upgradeable");
  const unexplained = details.length > 0 ? details.filter(({ type }) => !EXPLAINED_CONDITIONS.has(type)) : conditions;
  return (
    unexplained
      .filter(({ reason = "" }) => !explainedReasons.has(reason) && !operatorReasons.has(reason))
      // This reason is left out: prepared credentials remove it, and the wait before the request (`untilUpgradeable`) checks it again.
      .filter(({ reason }) => reason !== "MissingUpgradeableAnnotation")
      .map((condition) => `The cluster blocks updates to another minor version (${condition.type}=False): ${reasonAndMessage(condition)}`)
  );
}

/** The checks of `oc adm upgrade` before it requests an update (openshift/oc, `pkg/cli/admin/upgrade/upgrade.go`, `checkForUpgrade`, release-4.20). */
function healthProblems({ status }: ClusterVersion): string[] {
  const failing = conditionOf(status?.conditions, "Failing");
  const progressing = conditionOf(status?.conditions, "Progressing");
  return [
    ...(failing?.status === "True" ? [`The cluster is failing: ${reasonAndMessage(failing)} Repair it first.`] : []),
    ...(progressing?.status === "True" ? [`An update is in progress: ${reasonAndMessage(progressing)} Wait until it is complete.`] : []),
  ];
}

/** A condition's reason and message as one sentence. */
export function reasonAndMessage({ reason = "", message = "" }: Partial<Condition> = {}): string {
  const texts = [reason, message].filter((text) => text !== "");
  return texts.length === 0 ? "the cluster gives no reason." : sentence(texts.join(": "));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
