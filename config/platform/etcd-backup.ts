import type { Settings } from "../schema";

/** How etcd is backed up. */
export interface EtcdBackup {
  /** A systemd calendar expression, in UTC. */
  readonly schedule: string;
  readonly retentionDays: number;
  /** Snapshots on each master's own disk. */
  readonly retentionCount: number;
  /** Customer managed keys of the two buckets; S3's own without. */
  readonly kmsKeyArn?: string;
  readonly resourcesKmsKeyArn?: string;
  /** Whether the buckets outlive the stack. */
  readonly keepBuckets: boolean;
}

/** The backup, if there is to be one. */
export function etcdBackup(settings: Settings): EtcdBackup | undefined {
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
