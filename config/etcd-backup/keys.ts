import { flag, integer, key, text } from "../key";
import { arnProblem } from "../arn";
import { calendarProblem } from "./fields";

/** Keys for regular etcd backups. */
export const etcdBackupKeys = {
  etcdBackupSchedule: key(text(calendarProblem), {
    description:
      "When etcd is backed up, as a systemd calendar expression in UTC. For each scheduled time one control plane node stores one snapshot in S3. On a running cluster, setting, changing or removing this key reboots the control plane nodes one by one.",
    allowed: "a systemd calendar expression with at least 30 minutes between two scheduled times",
    example: "*-*-* 02:30",
    source: "systemd.time(7), calendar events; this project (30 minutes, because another control plane node takes over after 15 minutes)",
    whenEmpty: "no backup",
  }),
  etcdBackupRetentionDays: key(integer(1, 3650, 30), {
    description:
      "How long S3 keeps a snapshot. An expired snapshot can be recovered for seven more days. The limit of ten years is this project's choice.",
    unit: "days",
    example: "90",
    source: "this project; AWS (S3 lifecycle)",
  }),
  etcdBackupRetentionCount: key(integer(1, 24, 3), {
    description:
      "How many of its own snapshots each control plane node also keeps on its disk, whatever their age, so that the newest snapshots are available when S3 is not.",
    unit: "snapshots",
    example: "7",
    source: "this project",
  }),
  etcdBackupKmsKeyArn: key(text(arnProblem("key")), {
    description: "Customer managed KMS key for the bucket with the snapshots.",
    allowed: "ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (S3 default encryption)",
    whenEmpty: "the key managed by S3",
  }),
  etcdBackupResourcesKmsKeyArn: key(text(arnProblem("key")), {
    description:
      "Customer managed KMS key for the bucket with the static resources, which hold the encryption keys of etcd. Use a different key than for the snapshots, so that access to one bucket does not give access to the other.",
    allowed: "ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/fedcba98-7654-3210-fedc-ba9876543210",
    source: "AWS (S3 default encryption); OpenShift (backing up etcd)",
    whenEmpty: "the key managed by S3",
  }),
  etcdBackupKeepBuckets: key(flag(true), {
    description:
      "Whether the buckets with all backups stay in the account when the stack is destroyed or the backup is switched off. The backups in them still expire after etcdBackupRetentionDays. false: the buckets are deleted with their contents.",
    example: "false",
    source: "this project",
  }),
} as const;
