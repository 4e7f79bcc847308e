import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../config/partition";
import type { ReadOnlyLocation, VeleroConfiguration } from "../config/velero/settings";
import { VELERO } from "../cluster-objects/velero/names";
import type { StatementEntry } from "../ignition/credentials-requests";
import { tokenAudiences } from "../ignition/token-issuer";
import type { TokenIssuer } from "./credentials/token-issuer";
import { serviceRoleArn } from "./iam/service-account-role";
import { allow, bucketKeyStatements } from "./iam/statements";
import type { Naming } from "./naming";
import { PrivateBucket } from "./private-bucket";

/**
 * Days for which the bucket keeps deleted and overwritten objects, so that they can be restored. One week to notice the loss: this project's
 * choice.
 */
const graceDays = 7;

export interface VeleroStorageArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly region: string;
  readonly settings: Pick<VeleroConfiguration, "namespace" | "oadp" | "kmsKeyArn" | "keepBucket" | "readOnlyLocations">;
  /** The cluster's OIDC issuer in credentials mode manual; undefined in the other modes. */
  readonly issuer: TokenIssuer | undefined;
  readonly permissionsBoundaryArn?: string;
}

/**
 * The bucket with Velero's backups, and the permissions with which Velero uses it. In credentials mode manual, an IAM role has these
 * permissions, and the permissions for the read-only buckets.
 */
export class VeleroStorage extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** The permissions for the bucket. */
  readonly statements: pulumi.Output<StatementEntry[]>;
  /**
   * ARN of the role that Velero's service account assumes; undefined unless the credentials mode is manual. Known once the role has its policy.
   */
  readonly roleArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: VeleroStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:VeleroStorage", name, {}, opts);
    const { naming, partition, region, settings, issuer } = args;
    const { bucket } = new PrivateBucket(
      name,
      {
        naming,
        partition,
        region,
        suffix: "velero",
        kmsKeyArn: settings.kmsKeyArn,
        versions: { keepForDays: graceDays },
        keep: settings.keepBucket,
      },
      { parent: this },
    );
    this.bucket = bucket.bucket;
    this.statements = this.bucket.apply((bucketName) => statementsFor(`arn:${partition.name}:s3:::${bucketName}`, settings.kmsKeyArn));
    this.roleArn = issuer && this.role(name, args, issuer);
    this.registerOutputs();
  }

  private role(
    name: string,
    { naming, partition, permissionsBoundaryArn, settings: { namespace, oadp, readOnlyLocations } }: VeleroStorageArgs,
    issuer: TokenIssuer,
  ): pulumi.Output<string> {
    const others = readOnlyLocations.flatMap((location) => readOnlyStatements(location, partition));
    return serviceRoleArn(name, {
      naming,
      part: VELERO,
      description: "Role of Velero, which backs up the cluster's objects",
      issuer,
      // Under OADP, Velero's token has the audience of the cluster's components, otherwise the audience of applications.
      accounts: { namespace, accounts: [VELERO], audience: oadp ? tokenAudiences.components : tokenAudiences.applications },
      statements: this.statements.apply((own) => [...own, ...others]),
      permissionsBoundaryArn,
      parent: this,
    });
  }
}

/**
 * The permissions for one bucket (vmware-tanzu/velero-plugin-for-aws, `README.md`, main). The README's permissions for EC2 are left out, because the
 * EBS driver makes the snapshots. `s3:PutObjectTagging` is left out, because this program's BackupStorageLocation sets no tags. With a customer
 * managed key, S3 calls KMS on behalf of the caller.
 */
function statementsFor(bucketArn: string, kmsKeyArn: string | undefined): StatementEntry[] {
  return [
    allow(["s3:GetObject", "s3:DeleteObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], `${bucketArn}/*`),
    allow(["s3:ListBucket"], bucketArn),
    ...bucketKeyStatements(kmsKeyArn),
  ];
}

/**
 * The permissions for a bucket with another cluster's backups: to read and list them, and to write below `restores/`, where Velero stores the
 * messages of a restore. Without these permissions, every restore would be PartiallyFailed, and no Restore could be deleted
 * (vmware-tanzu/velero, `pkg/controller/restore_controller.go`: runValidatedRestore and deleteExternalResources;
 * `pkg/persistence/object_store_layout.go`, release-1.18). `s3:ListBucket` is not limited to the prefix: with a condition on `s3:prefix`, S3
 * would answer 403 and not 404 to a request for an object that does not exist (Amazon S3, API reference, "HeadObject"), and Velero would take
 * that for an error.
 */
export function readOnlyStatements({ bucket, prefix, kmsKeyArn }: ReadOnlyLocation, partition: Partition): StatementEntry[] {
  const bucketArn = `arn:${partition.name}:s3:::${bucket}`;
  const folder = prefix === undefined ? bucketArn : `${bucketArn}/${prefix}`;
  return [
    allow(["s3:GetObject"], `${folder}/*`),
    allow(["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], `${folder}/restores/*`),
    allow(["s3:ListBucket"], bucketArn),
    ...bucketKeyStatements(kmsKeyArn),
  ];
}
