import type { KubeObject } from "../api";
import { kubeTime } from "../kube-time";
import { SPEC_HASH } from "./deployment";
import type { OlmCsv, OlmCsvStatus, OlmDeployment, OlmGroup, OlmRequirement } from "./objects";

/** Seconds that an operator's Deployments may take to become available (`pkg/controller/operators/olm/operator.go`, master: 5 minutes). */
export const INSTALL_SECONDS = 300;

/** The objects that decide the next phase of a ClusterServiceVersion. */
export interface CsvSurroundings {
  /** OperatorGroups of the namespace. */
  readonly groups: readonly OlmGroup[];
  /** All ClusterServiceVersions of the namespace. */
  readonly csvs: readonly OlmCsv[];
  readonly requirements: readonly OlmRequirement[];
  /** The Deployments of the ClusterServiceVersion that exist. */
  readonly deployments: readonly OlmDeployment[];
  /** The Deployments that the ClusterServiceVersion declares, as OLM would apply them. */
  readonly wanted: readonly KubeObject[];
  readonly now: Date;
}

interface Phase {
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
}

const state = (phase: string, reason: string, message: string): Phase => ({ phase, reason, message });

/**
 * The next phase of a ClusterServiceVersion; undefined if nothing changes (operator-framework/operator-lifecycle-manager,
 * `pkg/controller/operators/olm/operator.go`, master: transitionCSVState).
 */
export function nextPhase(csv: OlmCsv, around: CsvSurroundings): Phase | undefined {
  const refused = groupProblem(csv, around.groups);
  const found = refused ?? phaseAfter(csv, around);
  const { phase, reason, message } = csv.status ?? {};
  return found === undefined || (found.phase === phase && found.reason === reason && found.message === message) ? undefined : found;
}

/** The reason why the operator can't use the namespace's OperatorGroups (operatorGroupForCSV, and operator-framework/api: InstallModeSet.Supports). */
function groupProblem(csv: OlmCsv, groups: readonly OlmGroup[]): Phase | undefined {
  if (groups.length === 0) return state("Failed", "NoOperatorGroup", "csv in namespace with no operatorgroups");
  if (groups.length > 1)
    return state("Failed", "TooManyOperatorGroups", "csv created in namespace with multiple operatorgroups, can't pick one automatically");
  const unsupported = unsupportedMode(csv, groups[0].spec?.targetNamespaces ?? []);
  return unsupported === undefined ? undefined : state("Failed", "UnsupportedOperatorGroup", unsupported);
}

function unsupportedMode({ metadata, spec }: OlmCsv, targets: readonly string[]): string | undefined {
  const supports = (mode: string) => spec.installModes.some(({ type, supported }) => type === mode && supported);
  const refusal = (mode: string, what: string) =>
    supports(mode) ? undefined : `${mode} InstallModeType not supported, cannot configure to watch ${what}`;
  if (targets.length === 0) return refusal("AllNamespaces", "all namespaces");
  if (targets.length > 1)
    return (
      refusal("MultiNamespace", `${targets.length} namespaces`) ??
      (targets.includes(metadata.namespace) ? refusal("OwnNamespace", "own namespace") : undefined)
    );
  return targets[0] === metadata.namespace ? refusal("OwnNamespace", "own namespace") : refusal("SingleNamespace", "one namespace");
}

/** Reasons of the phase Failed that no longer apply once the namespace has a suitable OperatorGroup. */
const GROUP_REASONS = ["NoOperatorGroup", "TooManyOperatorGroups", "UnsupportedOperatorGroup"];

function phaseAfter(csv: OlmCsv, around: CsvSurroundings): Phase | undefined {
  const { phase = "", reason = "" } = csv.status ?? {};
  const met = around.requirements.every(({ status }) => status === "Present");
  const previous = around.csvs.find(({ metadata }) => metadata.name === csv.spec.replaces);
  const next = around.csvs.find(({ spec }) => spec.replaces === csv.metadata.name);
  switch (phase) {
    case "":
      return state("Pending", "RequirementsUnknown", "requirements not yet checked");
    case "Pending":
      if (!met) return state("Pending", "RequirementsNotMet", "one or more requirements couldn't be found");
      if (previous !== undefined && previous.status?.phase !== "Replacing") return undefined;
      return state("InstallReady", "AllRequirementsMet", "all requirements found, attempting install");
    case "InstallReady":
      return state("Installing", "InstallSucceeded", "waiting for install components to report healthy");
    case "Installing":
      return afterInstalling(csv, around);
    case "Succeeded":
      if (next !== undefined) return state("Replacing", "BeingReplaced", `being replaced by csv: ${next.metadata.name}`);
      if (!met) return state("Failed", "RequirementsNotMet", "requirements no longer met");
      return installed(csv, around, "Failed", "ComponentUnhealthy");
    case "Failed":
      if (GROUP_REASONS.includes(reason)) return state("Pending", "RequirementsUnknown", "InstallModes now support target namespaces");
      if (!met) return state("Pending", "RequirementsNotMet", "requirements not met");
      return installed(csv, around, "Pending", "NeedsReinstall");
    case "Replacing":
      return previous === undefined && next?.status?.phase === "Succeeded"
        ? state("Deleting", "Replaced", "has been replaced by a newer ClusterServiceVersion that has successfully installed.")
        : undefined;
    default:
      return undefined;
  }
}

function afterInstalling(csv: OlmCsv, around: CsvSurroundings): Phase {
  const found = installed(csv, around, "Installing", "InstallWaiting");
  const since = Date.parse(csv.status?.lastTransitionTime ?? "");
  const isLate = around.now.getTime() - since >= INSTALL_SECONDS * 1000;
  return found.phase === "Installing" && isLate ? state("Failed", "InstallCheckFailed", "install timeout") : found;
}

/** Whether all Deployments are available (updateInstallStatus; `pkg/controller/install/{deployment,status_viewer}.go`). */
function installed(csv: OlmCsv, { deployments, wanted }: CsvSurroundings, waiting: string, reason: string): Phase {
  for (const { name } of csv.spec.install.spec.deployments) {
    const deployment = deployments.find(({ metadata }) => metadata.name === name);
    if (deployment === undefined) return state(waiting, reason, `installing: missing deployment with name=${name}`);
    const problem = deploymentProblem(deployment);
    if (problem === undefined) {
      const [before, now] = [deployment, wanted.find(({ metadata }) => metadata.name === name)].map(
        (each) => each?.metadata.labels?.[SPEC_HASH],
      );
      if (before === now) continue;
      return state("InstallReady", reason, `installing: deployment changed old hash=${before ?? ""}, new hash=${now ?? ""}`);
    }
    return problem.final
      ? state("Failed", "InstallCheckFailed", `install failed: deployment ${name} not ready before timeout: ${problem.text}`)
      : state(waiting, reason, `installing: waiting for deployment ${name} to become ready: ${problem.text}`);
  }
  return state("Succeeded", "InstallSucceeded", "install strategy completed with no errors");
}

function deploymentProblem({ metadata, status }: OlmDeployment): { readonly text: string; readonly final?: boolean } | undefined {
  const name = JSON.stringify(metadata.name);
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0))
    return { text: `waiting for spec update of deployment ${name} to be observed...` };
  const condition = (wanted: string) => status?.conditions?.find(({ type }) => type === wanted);
  if (condition("Progressing")?.reason === "ProgressDeadlineExceeded")
    return { text: `deployment ${name} exceeded its progress deadline`, final: true };
  const outdated = (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  if (outdated > 0) return { text: `deployment ${name} waiting for ${outdated} outdated replica(s) to be terminated` };
  const available = condition("Available");
  if (available?.status === "True") return undefined;
  return {
    text: `deployment ${name} not available: ${available === undefined ? 'missing condition "Available"' : (available.message ?? "")}`,
  };
}

/** The status with the next phase, and the last 20 conditions (operator-framework/api, `clusterserviceversion.go`: SetPhase). */
export function statusWith({ status = {} }: OlmCsv, next: Phase, requirements: readonly OlmRequirement[], now: Date): OlmCsvStatus {
  const time = kubeTime(now);
  const changed = { ...next, lastUpdateTime: time, lastTransitionTime: status.phase === next.phase ? status.lastTransitionTime : time };
  const last = status.conditions?.at(-1) as Partial<Phase> | undefined;
  const isNew = last?.phase !== next.phase || last.reason !== next.reason;
  return {
    ...changed,
    conditions: [...(status.conditions ?? []), ...(isNew ? [changed] : [])].slice(-20),
    requirementStatus: requirements,
  };
}
