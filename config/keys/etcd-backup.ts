import { flag, integer, key, text } from "../key";
import { arnFlaw } from "../rules/arns";
import { calendarFlaw } from "../rules/calendar";

/** Regular backups of the cluster's database. */
export const etcdBackupKeys = {
  etcdBackupSchedule: key(text(calendarFlaw), {
    description:
      "When etcd is backed up, as a systemd calendar expression in UTC. Each time is one slot, of which one master stores one snapshot in S3. On a running cluster, setting, changing and removing it reboots the masters, one after the other.",
    allowed: "a systemd calendar expression with at least 30 minutes between two times",
    example: "*-*-* 02:30",
    source: "systemd.time(7), calendar events; this project (half an hour, since another master takes over after 15 minutes)",
    whenEmpty: "no backup",
  }),
  etcdBackupRetentionDays: key(integer(1, 3650, 30), {
    description:
      "How long S3 keeps a snapshot. What has expired can be brought back for seven more days. Ten years at most: this project's choice.",
    unit: "days",
    example: "90",
    source: "this project; AWS (S3 lifecycle)",
  }),
  etcdBackupRetentionCount: key(integer(1, 24, 3), {
    description:
      "How many of the snapshots that it stored each master keeps on its own disk besides, whatever their age: the newest are there when S3 is not.",
    unit: "snapshots",
    example: "7",
    source: "this project",
  }),
  etcdBackupKmsKeyArn: key(text(arnFlaw("key")), {
    description: "Customer managed KMS key for the snapshots' bucket.",
    allowed: "ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    source: "AWS (S3 default encryption)",
    whenEmpty: "S3's own key",
  }),
  etcdBackupResourcesKmsKeyArn: key(text(arnFlaw("key")), {
    description:
      "Customer managed KMS key for the bucket with the static resources, which hold the keys of an encrypted etcd: another one than the snapshots', so that who can read one can't read the other.",
    allowed: "ARN of a KMS key in the cluster's region",
    example: "arn:aws:kms:us-east-1:123456789012:key/fedcba98-7654-3210-fedc-ba9876543210",
    source: "AWS (S3 default encryption); OpenShift (backing up etcd)",
    whenEmpty: "S3's own key",
  }),
  etcdBackupKeepBuckets: key(flag(true), {
    description:
      "Whether the buckets with all backups stay in the account when the stack is destroyed, or the backup is switched off. What is in them still expires after etcdBackupRetentionDays. false: they are deleted with everything in them.",
    example: "false",
    source: "this project",
  }),
} as const;
