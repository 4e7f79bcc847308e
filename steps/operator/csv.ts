import type { ClusterServiceVersion, OperatorRequest, OperatorState } from "./objects";
import { SETTLED, type Stuck, stuck } from "./stuck";

/**
 * Seconds that OLM gets to repair a version that has failed: OLM tries again until its own limit of 5 minutes
 * (operator-framework/operator-lifecycle-manager, `pkg/controller/operators/olm/operator.go`, master).
 */
const REPAIR = 360;

/**
 * OLM replaces a failed version only in an OperatorGroup with UnsafeFailForward (`operator.go`, CSVPhaseFailed), which this program does not set.
 */
const WAY_OUT =
  "OLM does not update a version that has failed. If the version itself is broken, remove the operator from the configuration, run the command, " +
  "and add it again with a version that works (its custom resources stay).";

/** The reason why a version cannot become ready; undefined if the version is ready or is being installed. */
export function csvProblem(csv: ClusterServiceVersion, request: OperatorRequest, state: OperatorState): Stuck | undefined {
  const { name } = csv.metadata;
  const { phase, reason = "", message = "" } = csv.status ?? {};
  const text = `${name} in ${request.namespace} is ${phase ?? "not installed"}, ${reason}: ${message}.`;
  if (phase === "Pending" && reason === "RequirementsNotMet") return stuck(`${text} ${missingText(csv)}`, 4 * SETTLED);
  if (phase === "Pending" && reason === "OperatorConditionNotUpgradeable")
    return stuck(`${text} The installed version forbids the update until its condition changes.`, REPAIR);
  if (phase !== "Failed") return undefined;
  if (reason === "UnsupportedOperatorGroup") return stuck(`${text} ${modesText(csv, state)}`, SETTLED);
  if (reason === "InterOperatorGroupOwnerConflict")
    return stuck(`${text} Another namespace has an operator with the same CustomResourceDefinitions: remove one of the two.`, SETTLED);
  return stuck(
    `${text} See oc describe csv ${name} -n ${request.namespace}, and the events and logs of the pods there. ${WAY_OUT}`,
    REPAIR,
  );
}

/** Everything that the version needs and does not have, such as CRDs, service accounts and permissions. */
function missingText({ status }: ClusterServiceVersion): string {
  const missing = (status?.requirementStatus ?? []).filter((each) => each.status !== "Present");
  const texts = missing.map(({ kind, name, status: found, message = "", dependents = [] }) => {
    const details = dependents.filter((each) => each.status !== "Satisfied").map((each) => each.message ?? "");
    return `${kind} ${name} (${[message === "" ? found : message, ...details].join("; ")})`;
  });
  return texts.length === 0 ? "" : `Missing: ${texts.join(", ")}.`;
}

/** The operator's install modes, and the namespaces that its OperatorGroup selects. */
function modesText({ spec }: ClusterServiceVersion, { groups }: OperatorState): string {
  const supported = (spec.installModes ?? []).filter((mode) => mode.supported).map(({ type }) => type);
  const targets = groups[0]?.spec?.targetNamespaces ?? [];
  return (
    `It supports ${supported.join(", ")}, and targetNamespaces selects ${targets.length === 0 ? "all namespaces" : targets.join(", ")}. ` +
    "Set targetNamespaces: its own namespace for OwnNamespace, one other for SingleNamespace, several for MultiNamespace, none for AllNamespaces."
  );
}

/** How far the installation of a version has come. */
export function progressOf({ metadata, status }: ClusterServiceVersion): string {
  const { phase = "", message = "" } = status ?? {};
  return `${metadata.name}: ${phase === "" ? "not checked yet" : phase}${message === "" ? "" : ` (${message})`}`;
}
