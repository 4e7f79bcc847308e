import type { Settings } from "../schema";

/** Settings of the etcd backup. */
export interface EtcdBackupConfiguration {
  /** A systemd calendar expression, in UTC. */
  readonly schedule: string;
  readonly retentionDays: number;
  /** Number of snapshots on each control plane node's own disk. */
  readonly retentionCount: number;
  /** Customer managed KMS keys for the two buckets; if undefined, the key managed by S3. */
  readonly kmsKeyArn?: string;
  readonly resourcesKmsKeyArn?: string;
  /** Whether the buckets stay when the stack is destroyed. */
  readonly keepBuckets: boolean;
}

/** The settings of the backup; undefined without a schedule. */
export function etcdBackup(settings: Settings): EtcdBackupConfiguration | undefined {
  if (settings.etcdBackupSchedule === "") return undefined;
  return {
    schedule: settings.etcdBackupSchedule.trim(),
    retentionDays: settings.etcdBackupRetentionDays,
    retentionCount: settings.etcdBackupRetentionCount,
    ...(settings.etcdBackupKmsKeyArn !== "" && { kmsKeyArn: settings.etcdBackupKmsKeyArn }),
    ...(settings.etcdBackupResourcesKmsKeyArn !== "" && { resourcesKmsKeyArn: settings.etcdBackupResourcesKmsKeyArn }),
    keepBuckets: settings.etcdBackupKeepBuckets,
  };
}
