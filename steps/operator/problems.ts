import { conditionOf } from "../../lib/kubernetes/conditions";
import type { OperatorRequest, OperatorState, Subscription } from "./objects";
import { SETTLED, sourceName, type Stuck, stuck, type Waiting, type Wake } from "./stuck";

/** Seconds that a catalog's pod gets to pull its image and to start. This project's choice. */
const CATALOG_START = 600;

/**
 * The problem of a namespace without exactly one OperatorGroup, or with a second Subscription of the package. Without exactly one OperatorGroup,
 * OLM installs nothing and does not report that in the Subscription.
 */
export function groupProblem({ namespace, package: own }: OperatorRequest, { groups, subscriptions }: OperatorState): Stuck | undefined {
  if (groups.length === 0) return stuck(`The namespace ${namespace} has no OperatorGroup, so OLM installs nothing there.`, SETTLED);
  if (groups.length > 1) {
    const names = groups.map(({ metadata }) => metadata.name).join(", ");
    return stuck(
      `The namespace ${namespace} has ${groups.length} OperatorGroups (${names}), so OLM installs nothing there. ` +
        `Keep one, and delete the others: oc delete operatorgroup <name> -n ${namespace}`,
      SETTLED,
    );
  }
  const twins = subscriptions.filter(({ metadata, spec }) => spec.name === own && metadata.name !== own);
  if (twins.length === 0) return undefined;
  return stuck(
    `The namespace ${namespace} has another Subscription of the package ${own}: ${twins.map(({ metadata }) => metadata.name).join(", ")}. ` +
      `Delete it: oc delete subscription ${twins[0].metadata.name} -n ${namespace}`,
    SETTLED,
  );
}

/**
 * The problem of a namespace with a copy of the operator's version: OLM takes the copy for the installed version, and installs nothing
 * (operator-framework/operator-lifecycle-manager issue 3866; openshift/operator-framework-olm, `pkg/controller/operators/catalog/operator.go` of
 * its operator-lifecycle-manager, release-4.19: ensureSubscriptionCSVState does not check whether the version is a copy).
 */
export function copyProblem(
  { package: own, namespace }: OperatorRequest,
  { status }: Subscription,
  state: OperatorState,
): Stuck | undefined {
  const copy = state.copies.find(({ metadata }) => metadata.name === status?.currentCSV);
  if (copy === undefined) return undefined;
  return stuck(
    `${copy.metadata.name} already runs for all namespaces, in ${copy.metadata.labels?.["olm.copiedFrom"] ?? "another namespace"}, so OLM installs nothing in ${namespace}. ` +
      `Remove one of the two: ${own} there, or its entry with the namespace ${namespace} in the configuration.`,
    SETTLED,
  );
}

/** The unpacking of the operator's bundle, if it lasts or if it has failed. OLM unpacks before it makes an InstallPlan. */
export function unpacking({ status }: Subscription): Stuck | Waiting | undefined {
  const failed = conditionOf(status?.conditions, "BundleUnpackFailed");
  if (failed?.status === "True") return stuck(`OLM could not unpack the operator's bundle: ${failed.message ?? ""}`, 2 * SETTLED);
  if (conditionOf(status?.conditions, "BundleUnpacking")?.status !== "True") return undefined;
  return { state: "waiting", text: "OLM unpacks the operator's bundle" };
}

/** The reason why OLM finds no version for the Subscription; OLM resolves all Subscriptions of the namespace together. */
export function resolutionProblem(
  request: OperatorRequest,
  { status }: Subscription,
  state: OperatorState,
): Stuck | Waiting | Wake | undefined {
  const source = sourceProblem(request, state);
  if (source !== undefined) return source;
  const failed = conditionOf(status?.conditions, "ResolutionFailed");
  if (failed?.status !== "True") return undefined;
  const message = failed.message ?? "";
  const left = /clusterserviceversion (\S+) exists and is not referenced by a subscription/.exec(message);
  if (left !== null) return leftVersion(left[1], message, request, state);
  // OLM's own catalog `@existing`, which contains the installed versions, is not a catalog that can be repaired
  // (`pkg/controller/registry/resolver/cache/cache.go`).
  const silent = /error using catalogsource ([^\s@]+): /.exec(message);
  if (silent !== null)
    return stuck(
      `OLM resolves nothing in ${request.namespace} while the catalog ${silent[1]} does not answer: ${message}. ` +
        `Repair it, or disable it in OperatorHub cluster: oc get pods -n ${silent[1].split("/")[0]}`,
      CATALOG_START,
    );
  return stuck(`${explanationOf(message, request)} OLM says: ${message}`, 2 * SETTLED);
}

/**
 * The state of a version that no Subscription names as installed. During an update, the replaced version is in this state until OLM has removed it.
 * OLM does not resolve again after the removal: only a change of a Subscription, OperatorGroup, InstallPlan or catalog starts a resolution
 * (openshift/operator-framework-olm, `pkg/controller/operators/catalog/operator.go` and `pkg/controller/registry/resolver/source_csvs.go` of its
 * operator-lifecycle-manager, release-4.19; operator-framework/operator-lifecycle-manager issue 2635).
 */
function leftVersion(name: string, message: string, { namespace }: OperatorRequest, state: OperatorState): Stuck | Waiting | Wake {
  const csv = state.csvs.find(({ metadata }) => metadata.name === name);
  const isOwned = state.subscriptions.some(({ status }) => status?.installedCSV === name || status?.currentCSV === name);
  if (csv === undefined || isOwned) return { state: "wake", text: `makes OLM resolve again, because ${name} is no longer in the way` };
  const isLeaving =
    csv.metadata.deletionTimestamp !== undefined ||
    ["Replacing", "Deleting"].includes(csv.status?.phase ?? "") ||
    state.csvs.some(({ spec }) => spec.replaces === name);
  if (isLeaving) return { state: "waiting", text: `OLM removes ${name}, which has been replaced` };
  return stuck(
    `${name} was left in ${namespace} by a Subscription that has been deleted. ` +
      `Delete it, and OLM installs it again with its Subscription (CustomResourceDefinitions and custom resources stay): oc delete csv ${name} -n ${namespace}. ` +
      `OLM says: ${message}`,
    2 * SETTLED,
  );
}

function sourceProblem(request: OperatorRequest, { sources }: OperatorState): Stuck | undefined {
  const { name, namespace } = request.source;
  const found = sources.find(({ metadata }) => metadata.name === name);
  if (found === undefined) {
    const others = sources.map(({ metadata }) => metadata.name).join(", ");
    return stuck(
      `CatalogSource ${namespace}/${name} does not exist. ${others === "" ? `${namespace} has none.` : `${namespace} has ${others}.`}`,
      2 * SETTLED,
    );
  }
  const state = found.status?.connectionState?.lastObservedState;
  if (state === "READY") return undefined;
  return stuck(
    `CatalogSource ${namespace}/${name} does not answer (${state ?? "no connection yet"}${found.status?.message === undefined ? "" : `: ${found.status.message}`}). ` +
      `Its pod has the reason, such as an image that cannot be pulled: oc describe pods -n ${namespace} -l olm.catalogSource=${name}`,
    CATALOG_START,
  );
}

/** The likely cause and fix, from the constraints in OLM's message (`pkg/controller/registry/resolver/{resolver,variable_types}.go`, master). */
function explanationOf(message: string, { package: own, channel, startingCSV = "", namespace, ...request }: OperatorRequest): string {
  if (message.includes("/@existing: ")) return `OLM could not read the installed versions in ${namespace}, and tries again by itself.`;
  const single = /(?:there can be only one (?:operator )?|originate )(provider of [^,]+|from package [^\s,]+)/.exec(message);
  if (single !== null)
    return (
      `Two operators in ${namespace} exclude each other: OLM allows only one ${single[1]}. ` +
      `Decide which one to keep; oc get subscriptions,csv -n ${namespace} shows both.`
    );
  const failures = message.split(", ").flatMap((text) => {
    const name = / subscription (\S+)$/.exec(text)?.[1];
    return name !== undefined && text.includes("no operators found ") ? [{ text, name }] : [];
  });
  const failure = failures.find(({ name }) => name === own)?.text;
  if (failure === undefined && failures.length > 0)
    return (
      `The Subscription ${failures.map(({ name }) => name).join(", ")} in ${namespace} cannot be resolved, and OLM resolves all Subscriptions of a namespace together. ` +
      `Correct or delete it: oc get subscriptions -n ${namespace}.`
    );
  const catalog = sourceName(request);
  if (failure?.includes("found in package"))
    return `${capital(catalog)} has no package ${own}. The others are listed by oc get packagemanifests -l catalog=${request.source.name}.`;
  const versions = `oc get packagemanifest ${own} -o yaml lists them.`;
  if (failure?.includes("found in channel")) return `Package ${own} in ${catalog} has no channel ${channel}. ${versions}`;
  if (failure?.includes("found with name")) return `Channel ${channel} of ${own} in ${catalog} has no version ${startingCSV}. ${versions}`;
  return `OLM finds no version of ${own} in ${catalog} that fits.`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
