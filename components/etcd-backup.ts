import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../config/partition";
import type { EtcdBackupConfiguration as Backup } from "../config/etcd-backup/settings";
import { etcdBackupContent } from "../ignition/etcd-backup/set-up";
import type { MachineConfigContent } from "../ignition/machine-config";
import type { PolicyStatement } from "./iam/machine-role";
import type { Naming } from "./naming";
import { PrivateBucket } from "./private-bucket";

/**
 * Days for which the bucket keeps an expired snapshot, so that it can be restored. One week to notice that the snapshot is needed: this
 * project's choice.
 */
const graceDays = 7;

export interface EtcdBackupArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly region: string;
  readonly backup: Backup;
}

/**
 * Buckets for etcd's backups, and the MachineConfig content and permissions with which the control plane nodes store the backups. The static
 * resources, which include the keys of an encrypted etcd, have a separate bucket.
 */
export class EtcdBackup extends pulumi.ComponentResource {
  /** MachineConfig content for the control plane nodes. */
  readonly content: pulumi.Output<MachineConfigContent>;
  /** IAM statements for the control plane role: create new objects and list keys; no read, overwrite or delete. */
  readonly statements: readonly PolicyStatement[];

  constructor(name: string, { naming, partition, region, backup }: EtcdBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:storage:EtcdBackup", name, {}, opts);
    const versions = { expireAfterDays: backup.retentionDays, keepForDays: graceDays };
    const bucketArgs = { naming, partition, region, versions, keep: backup.keepBuckets };
    const [snapshots, resources] = (
      [
        ["snapshots", "etcd-backup", backup.kmsKeyArn],
        ["resources", "etcd-resources", backup.resourcesKmsKeyArn],
      ] as const
    ).map(
      ([part, suffix, kmsKeyArn]) =>
        new PrivateBucket(`${name}-${part}`, { ...bucketArgs, suffix, kmsKeyArn }, { parent: this }).bucket.bucket,
    );
    this.content = pulumi
      .all([snapshots, resources])
      .apply(([snapshotBucket, resourcesBucket]) => etcdBackupContent({ backup, region, snapshotBucket, resourcesBucket }));
    const arn = (bucket: pulumi.Output<string>, path: string) => pulumi.interpolate`arn:${partition.name}:s3:::${bucket}${path}`;
    const keys = [backup.kmsKeyArn, backup.resourcesKmsKeyArn].filter((key) => key !== undefined);
    this.statements = [
      { sid: "EtcdBackupList", actions: ["s3:ListBucket"], resource: arn(snapshots, "") },
      // An object can be stored only with If-None-Match, so that a control plane node can't overwrite a backup (S3 user guide, "Enforce
      // conditional writes on Amazon S3 buckets").
      {
        sid: "EtcdBackup",
        actions: ["s3:PutObject"],
        resource: [arn(snapshots, "/snapshots/*"), arn(resources, "/static-resources/*")],
        condition: { Null: { "s3:if-none-match": "false" } },
      },
      // To encrypt an object, S3 calls KMS on behalf of the node.
      ...(keys.length === 0 ? [] : [{ sid: "EtcdBackupKeys", actions: ["kms:GenerateDataKey"], resource: [...new Set(keys)] }]),
    ];
    this.registerOutputs();
  }
}
