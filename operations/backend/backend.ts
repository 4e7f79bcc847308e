import type { IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  type KMSClient,
  NotFoundException,
} from "@aws-sdk/client-kms";
import {
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { partitionOf } from "../../config/partition";
import { makeBucket } from "./bucket";
import { makePolicy } from "./managed-policy";
import { bucketPolicy, userPolicy } from "./policy";

export interface BackendRequest {
  readonly region: string;
  /** Of the account that the credentials are for. */
  readonly accountId: string;
  /** Bucket's name; the key's alias and the policies are called after it. */
  readonly bucket: string;
  /** Takes a bucket that holds something and that this program didn't make: its policy, encryption and lifecycle are replaced. */
  readonly adopt: boolean;
}

export interface Clients {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly iam: IAMClient;
}

/** What stands afterwards, and how one uses it. */
export interface Backend {
  readonly bucket: string;
  readonly keyArn: string;
  /** For `pulumi login`, or `PULUMI_BACKEND_URL`. */
  readonly url: string;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  /** ARNs of the policies for roles that deploy, and for roles that only plan. */
  readonly policies: { readonly deploy: string; readonly plan: string };
}

/** Days for which former versions of the state are kept; this project's choice. */
const keptDays = 90;

/**
 * A place for the states of stacks: a private, encrypted, versioned bucket, a key for their secrets, policies for who uses them. What is there already
 * is set as it has to be, so that it can be run again at any time. Nothing is deleted but the oldest former version of a policy that has no room for another.
 *
 * @param say is told of every step
 * @throws Error when the bucket is another account's, or one of this account that was made for something else
 */
export async function makeBackend(
  { region, accountId, bucket, adopt }: BackendRequest,
  { s3, kms, iam }: Clients,
  say: (text: string) => void,
): Promise<Backend> {
  const { name: partition } = partitionOf(region);
  // First: a bucket that is refused leaves no key behind.
  await makeBucket(s3, { region, accountId, bucket, adopt }, say);
  const keyArn = await makeKey(kms, `alias/${bucket}`, say);
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const own = { Bucket: bucket, ExpectedBucketOwner: accountId };
  const allBlocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  await s3.send(new PutPublicAccessBlockCommand({ ...own, PublicAccessBlockConfiguration: allBlocked }));
  const encrypted = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: keyArn },
    BucketKeyEnabled: true,
  };
  await s3.send(new PutBucketEncryptionCommand({ ...own, ServerSideEncryptionConfiguration: { Rules: [encrypted] } }));
  await s3.send(new PutBucketVersioningCommand({ ...own, VersioningConfiguration: { Status: "Enabled" } }));
  const former = {
    ID: "former-versions",
    Status: "Enabled" as const,
    Filter: {},
    NoncurrentVersionExpiration: { NoncurrentDays: keptDays },
  };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ ...own, LifecycleConfiguration: { Rules: [former] } }));
  await s3.send(new PutBucketPolicyCommand({ ...own, Policy: JSON.stringify(bucketPolicy({ bucketArn })) }));
  say(`the bucket ${bucket} is private, encrypted and versioned`);
  const policy = (kind: "deploy" | "plan") =>
    makePolicy(
      iam,
      { partition, accountId, name: `${bucket}-${kind}` },
      userPolicy({ bucketArn, keyArn }, { writes: kind === "deploy" }),
      say,
    );
  return {
    bucket,
    keyArn,
    url: `s3://${bucket}?region=${region}`,
    secretsProvider: `awskms://alias/${bucket}?region=${region}`,
    policies: { deploy: await policy("deploy"), plan: await policy("plan") },
  };
}

async function makeKey(kms: KMSClient, alias: string, say: (text: string) => void): Promise<string> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    if (KeyMetadata?.Arn !== undefined) return KeyMetadata.Arn;
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
  }
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: `Secrets of Pulumi stacks (${alias})` }));
  const { Arn, KeyId } = KeyMetadata ?? {};
  if (Arn === undefined || KeyId === undefined) throw new Error("KMS made a key and didn't say which");
  await kms.send(new EnableKeyRotationCommand({ KeyId }));
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }));
  say(`the key ${alias} is made`);
  return Arn;
}
