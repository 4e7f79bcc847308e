/**
 * Names of the baseline sets. `None` has no capabilities, a set such as `v4.14` the capabilities of that minor release, `vCurrent` all
 * capabilities of the installed release. 4.19 to 5.0 don't have their own set.
 */
export const BASELINE_SETS = ["None", "v4.11", "v4.12", "v4.13", "v4.14", "v4.15", "v4.16", "v4.17", "v4.18", "vCurrent"] as const;

/** One of the sets of {@link BASELINE_SETS}. */
export type BaselineSet = (typeof BASELINE_SETS)[number];

/**
 * Capabilities that each set adds to the previous set (openshift/api, `config/v1/types_cluster_version.go`, ClusterVersionCapabilitySets,
 * release-4.14 to release-5.0).
 */
export const SET_ADDITIONS: Readonly<Record<Exclude<BaselineSet, "None" | "vCurrent">, readonly string[]>> = {
  "v4.11": ["baremetal", "marketplace", "openshift-samples", "MachineAPI"],
  "v4.12": ["Console", "CSISnapshot", "Insights", "Storage"],
  "v4.13": ["NodeTuning"],
  "v4.14": ["Build", "DeploymentConfig", "ImageRegistry"],
  "v4.15": ["CloudCredential", "OperatorLifecycleManager"],
  "v4.16": ["CloudControllerManager", "Ingress"],
  "v4.17": [],
  "v4.18": ["OperatorLifecycleManagerV1"],
};
