import { OWN_LOCATION } from "../../config/velero/fields";
import type { BackupSchedule } from "../../config/velero/settings";
import type { ApiObject } from "../object";
import { BACKUP_TAG, VELERO, VELERO_API, type VeleroSecret } from "./names";

/** The driver of EBS volumes, and the label by which Velero finds the class of its snapshots (vmware-tanzu/velero, `pkg/apis/velero/v1/labels_annotations.go`, release-1.18). */
const EBS_DRIVER = "ebs.csi.aws.com";
const SNAPSHOT_CLASS_LABEL = "velero.io/csi-volumesnapshot-class";

/** The name of the volume policy for a schedule's methods. */
function policyName({ volumes, fileSystemBackup }: VolumeMethods): string {
  if (!volumes) return fileSystemBackup ? "okd-aws-copy-files" : "okd-aws-skip-volumes";
  return fileSystemBackup ? "okd-aws-snapshot-ebs-copy-others" : "okd-aws-snapshot-ebs-volumes";
}

/** How the content of volumes gets into a backup. */
type VolumeMethods = Pick<BackupSchedule, "volumes" | "fileSystemBackup">;

const HOURS_PER_DAY = 24;

/** A bucket with backups. */
export interface BackupBucket {
  /** The bucket's name, or an output with it. */
  readonly bucket: unknown;
  readonly region: string;
  readonly prefix?: string;
  /** The Secret with the location's own credentials; undefined if Velero uses the server's credentials. */
  readonly credentials?: VeleroSecret | undefined;
}

/** The fields of a location. They name no KMS key, because the bucket's own settings encrypt the backups. */
export function locationSpec({ bucket, region, prefix, credentials }: BackupBucket, accessMode: "ReadWrite" | "ReadOnly"): object {
  return {
    provider: "aws",
    ...(accessMode === "ReadWrite" && { default: true }),
    accessMode,
    objectStorage: { bucket, ...(prefix !== undefined && { prefix }) },
    config: { region },
    ...(credentials && { credential: { name: credentials.secret, key: credentials.key } }),
  };
}

/** The bucket to which Velero backs up on OKD. With OADP the DataProtectionApplication contains this location. */
export function ownLocation(bucket: BackupBucket, namespace: string): ApiObject {
  return {
    apiVersion: VELERO_API,
    kind: "BackupStorageLocation",
    metadata: { name: OWN_LOCATION, namespace },
    spec: locationSpec(bucket, "ReadWrite"),
  };
}

/**
 * A bucket with the backups of another cluster. Velero lists these backups within a minute. Velero never deletes one of them, even if it
 * has expired (vmware-tanzu/velero, `pkg/controller/gc_controller.go`, release-1.18). OADP does not delete this location, because it
 * deletes only locations with OADP's labels (openshift/oadp-operator, `internal/controller/bsl.go`, oadp-1.5).
 */
export function readOnlyLocation(name: string, bucket: BackupBucket, namespace: string): ApiObject {
  return {
    apiVersion: VELERO_API,
    kind: "BackupStorageLocation",
    metadata: { name, namespace },
    spec: locationSpec(bucket, "ReadOnly"),
  };
}

/** A schedule. Velero deletes a backup when its time to live is over. */
export function backupSchedule(schedule: BackupSchedule, namespace: string): ApiObject {
  const { name, cron, retentionDays, includedNamespaces, excludedNamespaces, clusterResources, volumes } = schedule;
  return {
    apiVersion: VELERO_API,
    kind: "Schedule",
    metadata: { name, namespace },
    spec: {
      schedule: cron,
      template: {
        storageLocation: OWN_LOCATION,
        ttl: `${retentionDays * HOURS_PER_DAY}h0m0s`,
        ...(includedNamespaces.length > 0 && { includedNamespaces }),
        ...(excludedNamespaces.length > 0 && { excludedNamespaces }),
        // The field is true or left out. With false the backup would lack the Namespace objects, so a restored namespace would lack its
        // labels and annotations.
        ...(clusterResources && { includeClusterResources: true }),
        snapshotVolumes: volumes,
        resourcePolicy: { kind: "configmap", name: policyName(schedule) },
      },
    },
  };
}

/**
 * The volume policies to which the schedules refer. Velero applies the policy before it looks for a claim's volume and for a
 * VolumeSnapshotClass. So Velero backs up a claim that is pending or lost, or that belongs to another driver, without its content and
 * without an error (vmware-tanzu/velero, `internal/volumehelper/volume_policy_helper.go`: ShouldPerformSnapshot, v1.18.3). Velero 1.14 and
 * 1.16 look for the volume first, so in these versions a claim without a volume is an error (`pkg/backup/actions/csi/pvc_action.go`,
 * release-1.16: validatePVCandPV). Velero uses the first policy that matches a volume; a policy without conditions matches every volume. Of
 * the volumes of pods, only PersistentVolumes have a capacity (`internal/resourcepolicies/volume_resources.go`, release-1.14 to
 * release-1.18), so the condition on the capacity leaves out emptyDir volumes, and CSI volumes within pods, which may contain secrets.
 *
 * @param fileSystem whether the node agent runs
 */
export function volumePolicies(namespace: string, fileSystem: boolean): readonly ApiObject[] {
  const skip = { conditions: {}, action: { type: "skip" } };
  const snapshot = { conditions: { csi: { driver: EBS_DRIVER } }, action: { type: "snapshot" } };
  const copy = { conditions: { capacity: "1," }, action: { type: "fs-backup" } };
  const policy = (name: string, volumePolicies: readonly object[]): ApiObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    // Velero accepts exactly one key in this ConfigMap. Velero expects YAML, and JSON is valid YAML.
    data: { "policy.yaml": JSON.stringify({ version: "v1", volumePolicies }) },
  });
  return [true, false].flatMap((volumes) =>
    (fileSystem ? [true, false] : [false]).map((fileSystemBackup) =>
      policy(policyName({ volumes, fileSystemBackup }), [...(volumes ? [snapshot] : []), ...(fileSystemBackup ? [copy] : []), skip]),
    ),
  );
}

/**
 * The VolumeSnapshotClass of Velero's snapshots. The deletion policy is Retain, because a snapshot must stay when its VolumeSnapshot is
 * deleted with the namespace; Velero deletes the snapshot with the backup. The driver also gives each snapshot the cluster's tag
 * (kubernetes-sigs/aws-ebs-csi-driver, `pkg/driver/controller.go`: CreateSnapshot, and `docs/tagging.md`), and the cleanup deletes
 * resources with this tag. The cleanup leaves out snapshots with the tag of this class as long as the bucket with the backups exists.
 */
export function snapshotClass(): ApiObject {
  return {
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: { name: "okd-aws-velero", labels: { [SNAPSHOT_CLASS_LABEL]: "true" } },
    driver: EBS_DRIVER,
    deletionPolicy: "Retain",
    parameters: { tagSpecification_1: `${BACKUP_TAG.key}=${BACKUP_TAG.value}` },
  };
}

/**
 * Asks the cloud credential operator for AWS credentials: an IAM user in mode mint, a copy of the root credentials in mode passthrough. The
 * operator writes a Secret that has a file in AWS's format under the key `credentials` (openshift/cloud-credential-operator,
 * `pkg/aws/actuator/actuator.go`: generateAWSCredentialsConfig, release-4.19).
 *
 * @param name the request's name
 * @param secret name of the Secret
 * @param statementEntries a list of statements with effect, action and resource, or an output with one
 */
export function veleroCredentialsRequest(
  { name, secret, namespace }: { readonly name: string; readonly secret: string; readonly namespace: string },
  statementEntries: unknown,
): ApiObject {
  return {
    apiVersion: "cloudcredential.openshift.io/v1",
    kind: "CredentialsRequest",
    metadata: { name, namespace: "openshift-cloud-credential-operator" },
    spec: {
      secretRef: { name: secret, namespace },
      serviceAccountNames: [VELERO],
      providerSpec: { apiVersion: "cloudcredential.openshift.io/v1", kind: "AWSProviderSpec", statementEntries },
    },
  };
}
