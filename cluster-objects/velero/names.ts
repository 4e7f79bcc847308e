import { VELERO_NAMESPACE } from "../../config/velero/settings";

/** API version of Velero's kinds. */
export const VELERO_API = "velero.io/v1";

/** Name of Velero's Deployment, service account, Service and alerts. Velero itself looks for a Deployment of this name when it restores. */
export const VELERO = "velero";

/** Name of the location to which all schedules back up. */
export const LOCATION = "default";

/** The Secret with Velero's AWS credentials, and its key with a file in AWS's format. */
export const CREDENTIALS = { secret: "cloud-credentials", key: "credentials" } as const;

/** The tag of the EBS snapshots that belong to Velero's backups. */
export const BACKUP_TAG = { key: "okd-aws-velero", value: "backup" } as const;

/** The port on which Velero serves its metrics. */
export const METRICS_PORT = 8085;

/** Metadata of an object in Velero's namespace. */
export function inVelero(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: VELERO_NAMESPACE };
}
