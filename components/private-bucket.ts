import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../config/partition";
import { denyPlainHttp } from "./bucket-policy";
import type { Naming } from "./naming";
import { ownProgram } from "./own-command";

export interface PrivateBucketArgs {
  readonly naming: Naming;
  readonly partition: Partition;
  readonly region: string;
  /** The bucket's name is `<infraID>-<suffix>`. */
  readonly suffix: string;
  /** Customer managed KMS key; without it S3's own key encrypts. */
  readonly kmsKeyArn?: string;
  /**
   * Overwritten, deleted and expired objects are kept for `keepForDays` days. Without `expireAfterDays` no object expires. If `versions` is
   * undefined, deleted objects are lost at once.
   */
  readonly versions?: { readonly expireAfterDays?: number; readonly keepForDays: number };
  /** Whether the bucket and its contents stay in the account when the bucket is removed from the program. @default false */
  readonly keep?: boolean;
}

/** A private, encrypted bucket for secrets. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  private readonly guards: readonly pulumi.Resource[];

  constructor(
    private readonly baseName: string,
    private readonly args: PrivateBucketArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("okd:storage:PrivateBucket", baseName, {}, opts);
    const { naming, partition, suffix, kmsKeyArn, versions, keep = false } = args;
    const parent = { parent: this, retainOnDelete: keep };
    this.bucket = new aws.s3.Bucket(
      `${baseName}-bucket`,
      { bucket: naming.name(suffix), forceDestroy: !keep, tags: naming.tags(suffix) },
      parent,
    );
    const bucket = this.bucket.bucket;
    const arn = pulumi.interpolate`arn:${partition.name}:s3:::${bucket}`;
    const access = new aws.s3.BucketPublicAccessBlock(
      `${baseName}-access`,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      parent,
    );
    this.guards = [
      access,
      new aws.s3.BucketOwnershipControls(`${baseName}-ownership`, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, parent),
      new aws.s3.BucketServerSideEncryptionConfiguration(`${baseName}-encryption`, { bucket, rules: [encryptionRule(kmsKeyArn)] }, parent),
      new aws.s3.BucketPolicy(
        `${baseName}-policy`,
        { bucket, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [denyPlainHttp(arn)] }) },
        // S3 refuses two simultaneous changes of a bucket's access settings.
        { ...parent, dependsOn: access },
      ),
      ...(versions === undefined ? [] : keepVersions(baseName, bucket, versions, parent)),
    ];
    this.registerOutputs();
  }

  /**
   * The bucket's name, for resources that must be created after the bucket's access is restricted and its encryption and versioning are set. In
   * a preview the name does not wait for that.
   */
  get guardedName(): pulumi.Output<string> {
    return pulumi.all([this.bucket.bucket, ...this.guards.map(({ urn }) => urn)]).apply(([name]) => name);
  }

  /** Stores a secret text, once the bucket's access is restricted. A frozen object keeps the content with which it was first stored. */
  put(key: string, content: pulumi.Input<string>, { frozen = false } = {}): aws.s3.BucketObject {
    return new aws.s3.BucketObject(
      `${this.baseName}-${key}`,
      { bucket: this.bucket.bucket, key, content: pulumi.secret(content), contentType: "application/json" },
      { parent: this, dependsOn: [...this.guards], ...(frozen && { ignoreChanges: ["content"] }) },
    );
  }

  /**
   * Stores a non-secret file of the project, and stores it again whenever its checksum changes. The state holds only the checksum.
   *
   * @param file `path` is relative to the project's root, so it is the same on every machine that runs Pulumi.
   */
  putFile(key: string, file: { readonly path: string; readonly sha256: string }): StoredFile {
    const bucket = this.bucket.bucket;
    const stored = new command.local.Command(
      `${this.baseName}-${key}`,
      {
        interpreter: ownProgram("upload"),
        create: pulumi.jsonStringify({ region: this.args.region, bucket, key, path: file.path }),
        triggers: [file.sha256],
      },
      { parent: this, dependsOn: [...this.guards], ignoreChanges: ["interpreter"] },
    );
    return { bucket, key, arn: pulumi.interpolate`arn:${this.args.partition.name}:s3:::${bucket}/${key}`, stored };
  }
}

/** Encrypts with the customer managed key if there is one, otherwise with S3's own. */
function encryptionRule(kmsKeyArn: string | undefined): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  if (kmsKeyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn }, bucketKeyEnabled: true };
}

/** Enables versioning, and declares the lifecycle rules by which objects and versions expire. */
function keepVersions(
  baseName: string,
  bucket: pulumi.Output<string>,
  { expireAfterDays, keepForDays }: NonNullable<PrivateBucketArgs["versions"]>,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const versioning = new aws.s3.BucketVersioning(
    `${baseName}-versioning`,
    { bucket, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  const rules = [
    {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      ...(expireAfterDays !== undefined && { expiration: { days: expireAfterDays } }),
      noncurrentVersionExpiration: { noncurrentDays: keepForDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    // Removes delete markers that have no versions left. S3 refuses this setting in a rule that expires objects after days, so it has a separate
    // rule.
    { id: "expire-delete-markers", status: "Enabled", filter: { prefix: "" }, expiration: { expiredObjectDeleteMarker: true } },
  ];
  return [
    versioning,
    new aws.s3.BucketLifecycleConfiguration(`${baseName}-lifecycle`, { bucket, rules }, { ...opts, dependsOn: versioning }),
  ];
}

/** An object that was stored from a file. */
export interface StoredFile {
  readonly bucket: pulumi.Output<string>;
  readonly key: string;
  readonly arn: pulumi.Output<string>;
  /** This resource is created when the object is stored. */
  readonly stored: pulumi.Resource;
}
