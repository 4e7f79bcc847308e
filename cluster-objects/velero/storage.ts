import { OWN_LOCATION } from "../../config/velero/fields";
import type { BackupSchedule } from "../../config/velero/settings";
import type { ApiObject } from "../object";
import { BACKUP_TAG, VELERO, VELERO_API, type VeleroSecret } from "./names";

/** The driver of EBS volumes, and the label by which Velero finds the class of its snapshots (vmware-tanzu/velero, `pkg/apis/velero/v1/labels_annotations.go`, release-1.18). */
const EBS_DRIVER = "ebs.csi.aws.com";
const SNAPSHOT_CLASS_LABEL = "velero.io/csi-volumesnapshot-class";

/** The volume policies of schedules with and without volumes. */
const [SNAPSHOT_POLICY, SKIP_POLICY] = ["okd-aws-snapshot-ebs-volumes", "okd-aws-skip-volumes"];

const HOURS_PER_DAY = 24;

/** A bucket with backups. */
export interface BackupBucket {
  /** Its name, or an output with the name. */
  readonly bucket: unknown;
  readonly region: string;
  readonly prefix?: string;
  /** The Secret with the location's own credentials; undefined for those of the server. */
  readonly credentials?: VeleroSecret | undefined;
}

/** The fields of a location. The bucket's own settings encrypt, so no key is named here. */
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

/** The bucket to which Velero backs up on OKD. With OADP the DataProtectionApplication has it. */
export function ownLocation(bucket: BackupBucket, namespace: string): ApiObject {
  return {
    apiVersion: VELERO_API,
    kind: "BackupStorageLocation",
    metadata: { name: OWN_LOCATION, namespace },
    spec: locationSpec(bucket, "ReadWrite"),
  };
}

/**
 * A bucket with the backups of another cluster. Velero lists them within a minute, and deletes none, also when they have expired
 * (vmware-tanzu/velero, `pkg/controller/gc_controller.go`, release-1.18). OADP deletes only locations with its own labels
 * (openshift/oadp-operator, `internal/controller/bsl.go`, oadp-1.5).
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
        // Not false: then the backup would lack the Namespaces themselves, and a restored namespace its labels and annotations.
        ...(clusterResources && { includeClusterResources: true }),
        snapshotVolumes: volumes,
        resourcePolicy: { kind: "configmap", name: volumes ? SNAPSHOT_POLICY : SKIP_POLICY },
      },
    },
  };
}

/**
 * The volume policies to which the schedules refer. Velero asks the policy before it looks for a claim's volume and for a class of snapshots,
 * so a claim that is pending or lost, or that belongs to another driver, is backed up without its content, and is not an error
 * (vmware-tanzu/velero, `internal/volumehelper/volume_policy_helper.go`: ShouldPerformSnapshot, v1.18.3). Velero 1.14 and 1.16 look for the
 * volume first, so there a claim without volume is an error (`pkg/backup/actions/csi/pvc_action.go`, release-1.16: validatePVCandPV). Velero uses
 * the first policy that matches a volume; a policy without conditions matches every volume.
 */
export function volumePolicies(namespace: string): readonly ApiObject[] {
  const skip = { conditions: {}, action: { type: "skip" } };
  const snapshot = { conditions: { csi: { driver: EBS_DRIVER } }, action: { type: "snapshot" } };
  const policy = (name: string, volumePolicies: readonly object[]): ApiObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    // Velero accepts exactly one key, and JSON is YAML.
    data: { "policy.yaml": JSON.stringify({ version: "v1", volumePolicies }) },
  });
  return [policy(SNAPSHOT_POLICY, [snapshot, skip]), policy(SKIP_POLICY, [skip])];
}

/**
 * The class of Velero's snapshots. Retain: a snapshot must outlive the namespace with its VolumeSnapshot; Velero deletes it with the backup. The
 * driver also gives each snapshot the cluster's tag (kubernetes-sigs/aws-ebs-csi-driver, `pkg/driver/controller.go`: CreateSnapshot, and
 * `docs/tagging.md`), by which the cleanup deletes; this class's own tag keeps it as long as the bucket stays.
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
 * Asks the cloud credential operator for AWS credentials: an IAM user in mode mint, a copy of the root credentials in mode passthrough. Its
 * Secret has a file in AWS's format under the key `credentials` (openshift/cloud-credential-operator, `pkg/aws/actuator/actuator.go`:
 * generateAWSCredentialsConfig, release-4.19).
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
