import type { Partition } from "../../config/partition";
import { PROJECT } from "../../config/schema";

/** The resources in a backend's policies. */
export interface BackendNames {
  readonly partition: Partition;
  readonly region: string;
  readonly bucketArn: string;
  readonly keyArn: string;
}

/** The bucket policy: denies all requests without TLS. */
export function backendBucketPolicy({ bucketArn }: Pick<BackendNames, "bucketArn">): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** Key of Pulumi's layout file; a change of it affects all stacks (pulumi/pulumi, `pkg/backend/diy/meta.go`, master). */
export const layoutKey = ".pulumi/meta.yaml";

/** Content of the layout file of new backends: states are stored by project. */
export const LAYOUT_FILE = "version: 1\n";

/**
 * Key in the encryption context of a stack's secrets. Secrets with another context can't be decrypted, even with the same KMS key
 * (google/go-cloud, `secrets/awskms/kms.go`, v0.46.0: the URL's parameters `context_…`).
 */
const contextKey = "stack";

/** Value for `pulumi stack init --secrets-provider`. */
export function secretsProvider({
  alias,
  region,
  stack,
}: {
  readonly alias: string;
  readonly region: string;
  readonly stack: string;
}): string {
  return `awskms://${alias}?region=${region}&context_${contextKey}=${stack}`;
}

/**
 * Keys of a stack's objects: its state (also the state's backup and the compressed state), its tags, locks, history and backups
 * (pulumi/pulumi, `pkg/backend/diy`, `store.go` and `lock.go`, master).
 */
function objectsOf(stack: string): string[] {
  return [
    `.pulumi/stacks/${PROJECT}/${stack}.json*`,
    `.pulumi/stacks/${PROJECT}/${stack}.pulumi-tags`,
    `.pulumi/locks/organization/${PROJECT}/${stack}/*`,
    `.pulumi/history/${PROJECT}/${stack}/*`,
    `.pulumi/backups/${PROJECT}/${stack}/*`,
  ];
}

/**
 * Suffixes of the buckets whose objects a refresh reads and that contain no secrets: the cluster's assets, the installer host's ignition config and the
 * token issuer's public documents.
 */
const REFRESHED = ["-assets", "-installer-host-ignition", "-oidc"];

/**
 * The permissions that Pulumi needs for one stack of the backend. The names of other stacks' objects can be listed, but their contents can't be read. Listing
 * is needed because S3 reports a missing object only to those who may list the bucket, and the Pulumi engine reads objects that may not exist.
 *
 * @param writes false for previews and drift checks, which write nothing, not even a lock (pulumi/pulumi, `pkg/backend/diy/backend.go`, v3.248.0: Preview and Refresh with PreviewOnly).
 */
export function stackPolicy(
  { partition, region, bucketArn, keyArn }: BackendNames,
  stack: string,
  { writes }: { readonly writes: boolean },
): object {
  const own = objectsOf(stack).map((key) => `${bucketArn}/${key}`);
  const readable = [...own, `${bucketArn}/${layoutKey}`];
  const encrypted = { [`kms:EncryptionContext:${contextKey}`]: stack };
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: readable },
      ...(writes ? [{ Sid: "Write", Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: own }] : []),
      { Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
      {
        Sid: "Secrets",
        Effect: "Allow",
        Action: ["kms:Decrypt", ...(writes ? ["kms:Encrypt"] : [])],
        Resource: keyArn,
        Condition: { StringEquals: encrypted },
      },
      // This statement is for the bucket's encryption. With a bucket key the encryption context is the bucket's ARN, without one it is the
      // object's ARN (S3 user guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys").
      {
        Sid: "Objects",
        Effect: "Allow",
        Action: ["kms:Decrypt", ...(writes ? ["kms:GenerateDataKey"] : [])],
        Resource: keyArn,
        Condition: {
          StringEquals: { "kms:ViaService": `s3.${region}.${partition.dnsSuffix}` },
          StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucketArn, `${bucketArn}/*`] },
        },
      },
      // A role for previews also has AWS's policy ReadOnlyAccess, which allows reading every object of the account, such as etcd snapshots,
      // ignition configs and other stacks' states. So this statement denies reading other objects.
      ...(writes
        ? []
        : [
            {
              Sid: "NoOtherObjects",
              Effect: "Deny",
              Action: ["s3:GetObject", "s3:GetObjectVersion"],
              NotResource: [...readable, ...REFRESHED.map((end) => `arn:${partition.name}:s3:::*${end}/*`)],
            },
          ]),
    ],
  };
}
