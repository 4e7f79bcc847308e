import { compareBuild, parse } from "semver";
import { conditionOf } from "../../lib/kubernetes/conditions";
import { SETTLED, type Stuck, stuck, type Waiting } from "../operator/stuck";
import type { ClusterExtension, ExtensionRequest, ExtensionState, ObservedCondition, OperatorDeployment } from "./objects";
import { catalogProblem, reportedProblem } from "./problems";

/** The state of an operator's installation as the program judges it. */
export type ExtensionVerdict = { readonly state: "ready"; readonly text: string } | Stuck | Waiting;

/** Seconds after which a Deployment that cannot start is a problem; its pods may wait for a node. This project's choice. */
const START = 300;

/**
 * Decides from the objects in the cluster. The condition Installed is True as soon as OLM has applied the operator's objects
 * (openshift/operator-framework-operator-controller, `internal/operator-controller/applier/helm.go`, release-4.20: Helm installs without
 * waiting), and it stays True while an update fails. So the conditions must be those of the present generation, the installed version must be
 * the wanted one, and the operator's Deployments must be available.
 */
export function extensionVerdict(request: ExtensionRequest, { extension, catalogs, deployments }: ExtensionState): ExtensionVerdict {
  if (extension === undefined) return stuck(`ClusterExtension ${request.package} does not exist.`, SETTLED);
  const progressing = currentCondition(extension, "Progressing");
  if (progressing?.reason === "Succeeded" && currentCondition(extension, "Installed")?.status === "True")
    return installedVerdict(request, extension, deployments);
  const unserved = catalogProblem(request, catalogs);
  if (unserved !== undefined) return unserved;
  if (progressing === undefined) return { state: "waiting", text: `waits until OLM has looked for ${request.package} ${request.version}` };
  const { reason = "", status, message = "" } = progressing;
  const detail = message.startsWith("installation cannot proceed")
    ? (currentCondition(extension, "Installed")?.message ?? message)
    : message;
  if (["Retrying", "Blocked"].includes(reason)) return reportedProblem(request, detail, status === "False");
  return { state: "waiting", text: `OLM installs ${request.package} ${request.version} (${reason}: ${message})` };
}

/** The condition that describes the present generation of the ClusterExtension; undefined if OLM has not looked at this generation yet. */
function currentCondition({ metadata, status }: ClusterExtension, type: string): ObservedCondition | undefined {
  const found = conditionOf(status?.conditions, type);
  return (found?.observedGeneration ?? 0) >= (metadata.generation ?? 0) ? found : undefined;
}

function installedVerdict(
  { package: own, version, namespace, catalog, channel }: ExtensionRequest,
  extension: ClusterExtension,
  deployments: readonly OperatorDeployment[],
): ExtensionVerdict {
  const { version: installed = "" } = extension.status?.install?.bundle ?? {};
  if (!isSameVersion(installed, version))
    return stuck(
      `OLM has installed version ${installed === "" ? "(unknown)" : installed} of ${own}, not ${version}. Check the channel ${channel} in ${catalog}.`,
      2 * SETTLED,
    );
  const problems = deployments.map(deploymentVerdict).filter((verdict) => verdict !== undefined);
  const worst = problems.find(({ state }) => state === "stuck") ?? problems.at(0);
  if (worst !== undefined) return worst;
  return { state: "ready", text: `${own} ${installed} is installed in ${namespace}${deprecation(extension)}` };
}

/** Build metadata counts only if the configuration names it: OLM ignores it when it compares versions (Masterminds/semver). */
function isSameVersion(installed: string, wanted: string): boolean {
  const [one, other] = [parse(installed), parse(wanted)];
  if (one === null || other === null) return installed === wanted;
  return one.compare(other) === 0 && (other.build.length === 0 || compareBuild(one, other) === 0);
}

/** The problem or progress of a Deployment that is not available in its newest version. */
function deploymentVerdict({ metadata, spec, status }: OperatorDeployment): Stuck | Waiting | undefined {
  const { observedGeneration = 0, updatedReplicas = 0, conditions } = status ?? {};
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  const available = conditionOf(conditions, "Available");
  if (isSeen && available?.status === "True" && updatedReplicas >= (spec.replicas ?? 1)) return undefined;
  const refused = conditionOf(conditions, "ReplicaFailure");
  const late = conditionOf(conditions, "Progressing");
  const reason = refused?.status === "True" ? refused.message : late?.reason === "ProgressDeadlineExceeded" ? late.message : undefined;
  if (isSeen && reason !== undefined)
    return stuck(
      `The operator's Deployment ${metadata.name} does not start: ${reason}. Its pods and their events show more: oc describe deployment ${metadata.name}, oc get pods`,
      START,
    );
  return { state: "waiting", text: `waits for the operator's Deployment ${metadata.name} (${available?.message ?? "no pod yet"})` };
}

/** The catalog's notice that the package, the channel or the version is deprecated. */
function deprecation(extension: ClusterExtension): string {
  const found = currentCondition(extension, "Deprecated");
  return found?.status === "True" ? `. Deprecated: ${found.message ?? ""}` : "";
}
