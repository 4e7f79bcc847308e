import type { Partition } from "../../config/partition";
import { PROJECT } from "../../config/schema";

/** What a backend's policies are about. */
export interface BackendNames {
  readonly partition: Partition;
  readonly region: string;
  readonly bucketArn: string;
  readonly keyArn: string;
}

/** Requests without TLS are denied, whoever sends them. */
export function bucketPolicy({ bucketArn }: Pick<BackendNames, "bucketArn">): object {
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

/** Says how the states are laid out; whoever changes it changes it for all stacks (pulumi/pulumi, `pkg/backend/diy/meta.go`, master). */
export const layoutKey = ".pulumi/meta.yaml";

/** States by project, the layout of new backends. */
export const layout = "version: 1\n";

/**
 * Key of the encryption context that a stack's secrets are encrypted with. Secrets of another context cannot be decrypted, also with the same KMS key
 * (google/go-cloud, `secrets/awskms/kms.go`, v0.46.0: the URL's parameters `context_…`).
 */
export const contextKey = "stack";

/** `pulumi stack init --secrets-provider`. */
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

/** Objects of one stack: its state, with backups and compressed ones, its tags, locks, history and backups (pulumi/pulumi, `pkg/backend/diy`, `store.go` and `lock.go`, master). */
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
 * Ends of the buckets whose objects a refresh reads, and which hold no secret: the cluster's assets, the installer host's ignition config and the token issuer's public documents.
 */
const REFRESHED = ["-assets", "-installer-host-ignition", "-oidc"];

/**
 * What Pulumi needs for one stack of the backend. Names of other stacks' objects can be listed, their contents cannot be read: S3 answers that an object does not exist only to those
 * who may list the bucket, and the engine asks for objects that may not exist.
 *
 * @param writes false for previews and drift, which write nothing, not even a lock (pulumi/pulumi, `pkg/backend/diy/backend.go`, v3.248.0: Preview and Refresh with PreviewOnly).
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
      // The bucket's own encryption. With a bucket key the context is the bucket, without one the object (S3 user guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys").
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
      // ReadOnlyAccess, which a preview needs besides, reads every object of the account: snapshots of etcd, ignition configs, other stacks' states.
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
