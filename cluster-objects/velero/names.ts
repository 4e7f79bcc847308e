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

/** Limits of Velero's pod: those of `velero install`, except the memory, because restores of large backups need more than 512 MiB (this project's choice). */
export const VELERO_LIMITS = { cpu: "1", memory: "1Gi" } as const;
