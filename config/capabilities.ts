/** A part of a release that can be left out. */
interface Capability {
  /** Minor version of the first release that has it as an optional part; in older ones it is always there, or not at all. */
  readonly since: number;
  /** Minor version of the first baseline set that includes it, where that is another one. */
  readonly inSetsFrom?: number;
  /** Why a cluster on AWS can't be without it. */
  readonly needed?: string;
  /** What it can't be without. */
  readonly needs?: string;
}

/** openshift/api, `config/v1/types_cluster_version.go`: ClusterVersionCapabilitySets; what is needed: openshift/installer, `pkg/types/validation/installconfig.go`. */
export const CAPABILITIES: Readonly<Record<string, Capability>> = {
  baremetal: { since: 11 },
  marketplace: { since: 11, needs: "OperatorLifecycleManager" },
  "openshift-samples": { since: 11 },
  Console: { since: 12 },
  CSISnapshot: { since: 12 },
  Insights: { since: 12 },
  Storage: { since: 12 },
  NodeTuning: { since: 13 },
  Build: { since: 14 },
  DeploymentConfig: { since: 14 },
  ImageRegistry: { since: 14 },
  MachineAPI: { since: 14, inSetsFrom: 11 },
  CloudCredential: { since: 15, needed: "it gives the cluster's components their AWS credentials" },
  OperatorLifecycleManager: { since: 15 },
  CloudControllerManager: { since: 16, needed: "it makes nodes of this program's machines" },
  Ingress: { since: 16, needed: "it serves the console and every application" },
  OperatorLifecycleManagerV1: { since: 18 },
};

/** The names of the baseline sets: none of the optional parts, those of a minor version, or all that the release has. */
export const BASELINE_SETS = ["None", "v4.11", "v4.12", "v4.13", "v4.14", "v4.15", "v4.16", "v4.17", "v4.18", "vCurrent"] as const;

/** One of the sets of {@link BASELINE_SETS}. */
export type BaselineSet = (typeof BASELINE_SETS)[number];

/** Names of the optional parts that a release of this minor version has. */
export function capabilitiesOf(minor: number): string[] {
  return Object.keys(CAPABILITIES).filter((name) => CAPABILITIES[name].since <= minor);
}

/** Minor version that a baseline set is named after; undefined for the two that have none. */
export function minorOfSet(set: BaselineSet): number | undefined {
  return set === "None" || set === "vCurrent" ? undefined : Number(set.slice("v4.".length));
}

/** Names of the optional parts that are enabled in a release of this minor version. */
export function enabledCapabilities(minor: number, baseline: BaselineSet, additional: readonly string[]): ReadonlySet<string> {
  const upTo = baseline === "None" ? 0 : (minorOfSet(baseline) ?? minor);
  const ofSet = capabilitiesOf(minor).filter((name) => (CAPABILITIES[name].inSetsFrom ?? CAPABILITIES[name].since) <= upTo);
  return new Set([...ofSet, ...additional]);
}
