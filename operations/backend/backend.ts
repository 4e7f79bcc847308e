import type { IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  type KeyMetadata,
  type KMSClient,
  KMSServiceException,
  ListResourceTagsCommand,
  NotFoundException,
  paginateListKeys,
  type Tag,
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
import { makeBucket, makeLayout, ownTag } from "./bucket";
import { hasPolicy, makePolicy } from "./managed-policy";
import { bucketPolicy, secretsProvider, stackPolicy } from "./policy";

export interface BackendRequest {
  readonly region: string;
  /** Of the account that the credentials are for. */
  readonly accountId: string;
  /** Bucket's name; the key's alias and the policies are called after it. */
  readonly bucket: string;
  /** Stacks whose policies are made; those of others stay as they are. */
  readonly stacks: readonly string[];
  /** Takes a bucket that holds something and that this program didn't make: its policy, encryption and lifecycle are replaced. */
  readonly adopt: boolean;
}

export interface Clients {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly iam: IAMClient;
}

/** The backend, and how it is used. */
export interface Backend {
  readonly bucket: string;
  readonly keyArn: string;
  /** For `pulumi login`, or `PULUMI_BACKEND_URL`. */
  readonly url: string;
  readonly stacks: readonly BackendStack[];
}

export interface BackendStack {
  readonly stack: string;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  /** ARNs of the policies for the stack's role that deploys, and for the one that only plans. */
  readonly policies: { readonly deploy: string; readonly plan: string };
}

/** Days for which former versions of the state are kept; this project's choice. */
const keptDays = 90;

/**
 * A place for the states of stacks: a private, encrypted, versioned bucket, a key for their secrets, and two policies for each stack. What is there already
 * is set as it has to be, so that it can be run again at any time. Nothing is deleted but the oldest former version of a policy that has no room for another.
 *
 * @param say is told of every step
 * @throws Error when the bucket is another account's, or one of this account that was made for something else
 */
export async function makeBackend(
  { region, accountId, bucket, stacks, adopt }: BackendRequest,
  { s3, kms, iam }: Clients,
  say: (text: string) => void,
): Promise<Backend> {
  const partition = partitionOf(region);
  // First: a bucket that is refused leaves no key behind.
  await makeBucket(s3, { region, accountId, bucket, adopt }, say);
  const alias = `alias/${bucket}`;
  const keyArn = await makeKey(kms, { alias, bucket }, say);
  const bucketArn = `arn:${partition.name}:s3:::${bucket}`;
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
  await makeLayout(s3, own);
  const names = { partition, region, bucketArn, keyArn };
  await warnOfFormerPolicies(iam, { partition: partition.name, accountId, bucket }, say);
  const made: BackendStack[] = [];
  for (const stack of stacks) {
    const policy = (kind: "deploy" | "plan") =>
      makePolicy(
        iam,
        { partition: partition.name, accountId, name: `${bucket}-${stack}-${kind}` },
        stackPolicy(names, stack, { writes: kind === "deploy" }),
        say,
      );
    const policies = { deploy: await policy("deploy"), plan: await policy("plan") };
    made.push({ stack, secretsProvider: secretsProvider({ alias, region, stack }), policies });
  }
  return { bucket, keyArn, url: `s3://${bucket}?region=${region}`, stacks: made };
}

/** Former versions of this command made two policies for all stacks together. */
async function warnOfFormerPolicies(
  iam: IAMClient,
  { bucket, ...account }: { readonly partition: string; readonly accountId: string; readonly bucket: string },
  say: (text: string) => void,
): Promise<void> {
  for (const name of [`${bucket}-deploy`, `${bucket}-plan`])
    if (await hasPolicy(iam, { ...account, name }))
      say(`the policy ${name} of a former version allows all stacks: give its roles the policies of their stacks, and delete it`);
}

/** The key under the alias; one that a run made which was killed before it gave it the alias is found by its tag. */
async function makeKey(
  kms: KMSClient,
  { alias, bucket }: { readonly alias: string; readonly bucket: string },
  say: (text: string) => void,
): Promise<string> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    if (KeyMetadata?.Arn !== undefined) return KeyMetadata.Arn;
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
  }
  const { Arn, KeyId } = (await taggedKey(kms, bucket)) ?? (await createKey(kms, alias, bucket)) ?? {};
  if (Arn === undefined || KeyId === undefined) throw new Error("KMS made a key and did not say which");
  await kms.send(new EnableKeyRotationCommand({ KeyId }));
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }));
  say(`the key ${alias} is made`);
  return Arn;
}

async function createKey(kms: KMSClient, alias: string, bucket: string): Promise<KeyMetadata | undefined> {
  const Tags = [{ TagKey: ownTag, TagValue: bucket }];
  return (await kms.send(new CreateKeyCommand({ Description: `Secrets of Pulumi stacks (${alias})`, Tags }))).KeyMetadata;
}

async function taggedKey(kms: KMSClient, bucket: string): Promise<KeyMetadata | undefined> {
  for await (const { Keys = [] } of paginateListKeys({ client: kms }, {}))
    for (const { KeyId } of Keys) {
      if (!(await tagsOf(kms, KeyId)).some(({ TagKey, TagValue }) => TagKey === ownTag && TagValue === bucket)) continue;
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      if (KeyMetadata?.KeyState === "Enabled") return KeyMetadata;
    }
  return undefined;
}

async function tagsOf(kms: KMSClient, KeyId: string | undefined): Promise<readonly Tag[]> {
  try {
    return (await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags ?? [];
  } catch (error) {
    // AWS's own keys, and those whose policy lets others in only, are none of this command's.
    if (error instanceof KMSServiceException && error.name === "AccessDeniedException") return [];
    throw error;
  }
}
