import { type ClusterOperatorStatusCondition, condition } from "../operators";
import type { SimulatedClusterVersion, ConditionalUpdate, ClusterVersionRelease } from "./clusterversion";
import type { KnownRelease } from "./known-releases";

export interface Offers {
  readonly available: readonly ClusterVersionRelease[] | null;
  readonly conditional: readonly ConditionalUpdate[];
  /** RetrievedUpdates. */
  readonly condition: ClusterOperatorStatusCondition;
}

/**
 * The updates that the update service offers (openshift/cluster-version-operator, `pkg/cvo/availableupdates.go`). The sandbox's update
 * service is the list of known releases. Neither the channel's name nor `spec.upstream` has an effect.
 */
export function availableUpdates(cluster: SimulatedClusterVersion, current: string, releases: readonly KnownRelease[]): Offers {
  const before = cluster.status?.conditions ?? [];
  if ((cluster.spec?.channel ?? "") === "") {
    const message = "The update channel has not been configured.";
    return { available: null, conditional: [], condition: condition(before, "RetrievedUpdates", "False", "NoChannel", message) };
  }
  if (!releases.some(({ version }) => version === current)) {
    const message = `Unable to retrieve available updates: currently reconciling cluster version ${current} not found in the "${cluster.spec?.channel ?? ""}" channel`;
    return { available: null, conditional: [], condition: condition(before, "RetrievedUpdates", "False", "VersionNotFound", message) };
  }
  const offered = releases.filter(({ offeredFrom = [] }) => offeredFrom.includes(current));
  const release = ({ version, image }: KnownRelease): ClusterVersionRelease => ({ version, image });
  return {
    available: offered.filter(({ risk }) => risk === undefined).map(release),
    conditional: offered.flatMap((each) => (each.risk === undefined ? [] : [conditional(each, each.risk, cluster)])),
    condition: condition(before, "RetrievedUpdates", "True", "", ""),
  };
}

function conditional(
  { version, image }: KnownRelease,
  risk: NonNullable<KnownRelease["risk"]>,
  { status }: SimulatedClusterVersion,
): ConditionalUpdate & { readonly risks: readonly object[] } {
  const before = status?.conditionalUpdates?.find(({ release }) => release.version === version)?.conditions ?? [];
  return {
    release: { version, image },
    risks: [{ name: risk.reason, message: risk.message, url: "https://example.com/risk", matchingRules: [{ type: "Always" }] }],
    conditions: [condition(before, "Recommended", "False", risk.reason, risk.message)],
  };
}
