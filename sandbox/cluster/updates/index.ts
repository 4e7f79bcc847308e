/** Entry point `@okd-aws/sandbox/cluster/updates`: the simulated cluster version operator. */
export { type SimulatedClusterVersion, clusterVersionPath } from "./clusterversion";
export type { KnownRelease } from "./known-releases";
export { failedPreconditions } from "./preconditions";
export { ReleaseOperators } from "./release-operators";
