import { conditionOf } from "../../lib/kubernetes/conditions";
import type { OperatorRequest, OperatorState, Subscription } from "./objects";
import { SETTLED, sourceName, type Stuck, stuck } from "./stuck";

/** Seconds that a catalog's pod gets to pull its image and to start. This project's choice. */
const CATALOG_START = 600;

/** Without exactly one OperatorGroup, OLM does nothing and says nothing about it in the Subscription. */
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

/** Why the operator's bundle could not be unpacked. */
export function unpackProblem({ status }: Subscription): Stuck | undefined {
  const failed = conditionOf(status?.conditions, "BundleUnpackFailed");
  return failed?.status === "True" ? stuck(`OLM could not unpack the operator's bundle: ${failed.message ?? ""}`, 2 * SETTLED) : undefined;
}

/** Why OLM finds no version for the Subscription; OLM resolves all Subscriptions of the namespace together. */
export function resolutionProblem(request: OperatorRequest, { status }: Subscription, state: OperatorState): Stuck | undefined {
  const source = sourceProblem(request, state);
  if (source !== undefined) return source;
  const failed = conditionOf(status?.conditions, "ResolutionFailed");
  if (failed?.status !== "True") return undefined;
  const message = failed.message ?? "";
  const silent = /error using catalogsource (\S+): /.exec(message);
  if (silent !== null)
    return stuck(
      `OLM resolves nothing in ${request.namespace} while the catalog ${silent[1]} does not answer: ${message}. ` +
        `Repair it, or disable it in OperatorHub cluster: oc get pods -n ${silent[1].split("/")[0]}`,
      CATALOG_START,
    );
  return stuck(`${explanationOf(message, request)} OLM says: ${message}`, 2 * SETTLED);
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
  const others = [...message.matchAll(/subscription (\S+) exists/g)].map(([, name]) => name).filter((name) => name !== own);
  if (others.length > 0)
    return (
      `The Subscription ${others.join(", ")} in ${namespace} cannot be resolved, and OLM resolves all Subscriptions of a namespace together. ` +
      `Correct or delete it: oc get subscriptions -n ${namespace}.`
    );
  const left = /clusterserviceversion (\S+) exists and is not referenced by a subscription/.exec(message);
  if (left !== null)
    return (
      `${left[1]} was left in ${namespace} by a Subscription that has been deleted. ` +
      `Delete it, and OLM installs it again with its Subscription (definitions and custom resources stay): oc delete csv ${left[1]} -n ${namespace}.`
    );
  const catalog = sourceName(request);
  if (message.includes("no operators found in package"))
    return `${capital(catalog)} has no package ${own}. The others are listed by oc get packagemanifests -l catalog=${request.source.name}.`;
  const versions = `oc get packagemanifest ${own} -o yaml lists them.`;
  if (message.includes("no operators found in channel")) return `Package ${own} in ${catalog} has no channel ${channel}. ${versions}`;
  if (message.includes("no operators found with name"))
    return `Channel ${channel} of ${own} in ${catalog} has no version ${startingCSV}. ${versions}`;
  return `OLM finds no version of ${own} in ${catalog} that fits.`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
