/** API version of Velero's kinds. */
export const VELERO_API = "velero.io/v1";

/** Name of Velero's Deployment, service account, Service and alerts. Velero itself looks for a Deployment of this name when it restores. */
export const VELERO = "velero";

/** The label by which the Deployment and a Service find Velero's pod. OADP gives its pod the same label. */
export const VELERO_POD = { deploy: VELERO } as const;

/** A Secret with Velero's AWS credentials, and its key with a file in AWS's format. */
export interface VeleroSecret {
  readonly secret: string;
  readonly key: string;
}

/** The Secret for the cluster's own location, as the cloud credential operator writes it. */
export const CREDENTIALS: VeleroSecret = { secret: "cloud-credentials", key: "credentials" };

/**
 * The Secret of the same name for credentials mode manual, when it names a role. OADP mounts this key for all locations without their own
 * Secret (openshift/oadp-operator, `pkg/credentials/credentials.go`, oadp-1.5: PluginSpecificFields).
 */
export const ROLE_CREDENTIALS: VeleroSecret = { secret: "cloud-credentials", key: "cloud" };

/** The tag of the EBS snapshots that belong to Velero's backups. */
export const BACKUP_TAG = { key: "okd-aws-velero", value: "backup" } as const;

/** The port on which Velero serves its metrics. */
export const METRICS_PORT = 8085;

/** Name of the node agent's DaemonSet and of its pods' label, in plain Velero and with OADP (vmware-tanzu/velero, `pkg/install/daemonset.go`, release-1.14 to release-1.18). */
export const NODE_AGENT = "node-agent";

/** Name of the ConfigMap with the settings of the jobs that maintain repositories. */
export const MAINTENANCE_CONFIG = "okd-aws-repository-maintenance";

/**
 * The annotation of a pod that OpenShift must admit with the SCC restricted-v2 (openshift/apiserver-library-go,
 * `pkg/securitycontextconstraints/sccadmission/admission.go`, release-4.19: RequiredSCCAnnotation). Without the annotation OpenShift would choose `anyuid`, because
 * Velero's service account may use every SCC, and `anyuid` has the highest priority. Under `anyuid` the pod would not start: its user
 * would be the image's user `cnb` (vmware-tanzu/velero, `Dockerfile`, release-1.18), and for a user without a number the kubelet can't check
 * runAsNonRoot.
 */
export const LEAST_SCC = { "openshift.io/required-scc": "restricted-v2" } as const;

/** Limits of Velero's pod: those of `velero install`, except the memory, because restores of large backups need more than 512 MiB (this project's choice). */
export const VELERO_LIMITS = { cpu: "1", memory: "1Gi" } as const;
