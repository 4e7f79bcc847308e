import { z } from "zod";
import { arnProblem } from "../arn";
import { bucketProblem } from "../bucket-name";
import { field, integerField, listField, records, textField } from "../field";
import { flag, key, text } from "../key";
import { approvedRegionProblem } from "../region";
import {
  backupPrefixProblem,
  backupTimesProblem,
  excludedNamespaceProblem,
  locationNameProblem,
  namespacePatternProblem,
  repositoryPasswordProblem,
  scheduleNameProblem,
} from "./fields";

const schedule = z.strictObject({
  name: field(textField(scheduleNameProblem), "Name of the schedule; unique. The names of its backups begin with it."),
  schedule: field(
    textField(backupTimesProblem).optional(),
    "When backups are made, as a cron expression in UTC; if not set, 0 3 * * *, every night. The expression may restrict the day of month or the day of week, but not both.",
  ),
  retentionDays: field(integerField(1, 3650).optional(), "Days after which Velero deletes a backup; if not set, 30."),
  includedNamespaces: field(
    listField(namespacePatternProblem).optional(),
    "Namespaces to back up, as names or patterns such as team-*; if not set or empty, all but the platform's (openshift, openshift-*, kube-*) and Velero's own.",
  ),
  excludedNamespaces: field(
    listField(excludedNamespaceProblem).optional(),
    "Namespaces to leave out. The platform's and Velero's own are always left out, unless includedNamespaces names them.",
  ),
  clusterResources: field(
    z.boolean().optional(),
    "Whether all objects outside of namespaces are backed up, such as cluster roles and definitions, and not only those that belong to the namespaces; if not set, true unless includedNamespaces is set.",
  ),
  volumes: field(z.boolean().optional(), "Whether a snapshot of each EBS volume is part of the backup; if not set, false."),
  fileSystemBackup: field(
    z.boolean().optional(),
    "Whether the files of volumes that get no snapshot are copied to the bucket; if not set, false. Only volumes that a running pod mounts are copied. Needs veleroRepositoryPassword.",
  ),
});

const readOnlyLocation = z.strictObject({
  name: field(textField(locationNameProblem), "Name of the location; unique, and not default."),
  bucket: field(textField(bucketProblem), "Bucket with backups: another cluster's, or the kept bucket of an earlier cluster."),
  region: field(textField(approvedRegionProblem).optional(), "Region of the bucket; if not set, the cluster's."),
  prefix: field(textField(backupPrefixProblem).optional(), "Folder of the backups in the bucket; if not set, the whole bucket."),
  kmsKeyArn: field(
    textField(arnProblem("key")).optional(),
    "Customer managed KMS key that encrypts the bucket; if not set, the key managed by S3.",
  ),
});

/** Keys for backups of the cluster's objects with Velero. */
export const veleroKeys = {
  veleroSchedules: key(records(schedule, { max: 20, unique: "name" }), {
    description:
      "Schedules by which Velero backs up the cluster's objects to S3. On OpenShift the operator OADP in operators runs Velero. After the update that adds a schedule, its first backup is complete (docs/velero.md).",
    allowed: "a list of schedules",
    example: '[{"name": "daily"}, {"name": "shop", "schedule": "0 */6 * * *", "includedNamespaces": ["shop"], "volumes": true}]',
    source: "Velero (Schedule, spec.schedule and spec.template); netresearch/go-cron v0.15.0 (cron expressions)",
    whenEmpty: "Velero is not installed",
  }),
  veleroKmsKeyArn: key(text(arnProblem("key")), {
    description:
      "Customer managed KMS key for the bucket with the backups. Velero may use only this key: after a change it cannot read the backups that were written with another key.",
    allowed: "ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (S3 default encryption)",
    whenEmpty: "the key managed by S3",
  }),
  veleroReadOnlyLocations: key(records(readOnlyLocation, { max: 10, unique: "name" }), {
    description:
      "Buckets with backups of other clusters, from which make restore-resources restores into this cluster. Velero makes and deletes no backups in them (docs/velero.md).",
    allowed: "a list of locations",
    example: '[{"name": "prod", "bucket": "prod-x7k2q-velero"}]',
    source: "Velero (BackupStorageLocation, accessMode ReadOnly)",
    whenEmpty: "none",
  }),
  veleroRepositoryPassword: key(text(repositoryPasswordProblem), {
    description:
      "Password that encrypts the files of volumes in the bucket (fileSystemBackup). While it is set, Velero's node agent runs on every node. Keep the password in a second place: without it no file can be restored. Clusters that read each other's buckets need the same password. Do not change it: Velero could not read the existing files, nor add any.",
    allowed: "at least 16 characters on one line",
    example: "cavity-herald-mosaic-tundra",
    source: "Velero (Secret velero-repo-credentials)",
    whenEmpty: "the node agent does not run",
    secret: true,
  }),
  veleroKeepBucket: key(flag(true), {
    description:
      "Whether the bucket with all backups, and the EBS snapshots that belong to the backups, stay in the account when the stack is destroyed or Velero is switched off. Nothing deletes them after that. false: the bucket is deleted with its contents, and destroy deletes the snapshots. Set false and run pulumi up before you remove the schedules, and leave it false until the stack is destroyed.",
    example: "false",
    source: "this project",
  }),
  veleroOnInfraNodes: key(flag(false), {
    description: "Whether Velero's pod runs on the infra nodes.",
    example: "true",
    source: "Kubernetes (Deployment, nodeSelector and tolerations)",
  }),
} as const;
