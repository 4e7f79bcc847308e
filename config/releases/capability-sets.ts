/** The names of the baseline sets: none of the optional parts, those of a minor release, or all that the release has. 4.19 to 5.0 have no set of their own. */
export const BASELINE_SETS = ["None", "v4.11", "v4.12", "v4.13", "v4.14", "v4.15", "v4.16", "v4.17", "v4.18", "vCurrent"] as const;

/** One of the sets of {@link BASELINE_SETS}. */
export type BaselineSet = (typeof BASELINE_SETS)[number];

/** What each set has besides the set before it (openshift/api, `config/v1/types_cluster_version.go`, ClusterVersionCapabilitySets, release-4.14 to release-5.0). */
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
