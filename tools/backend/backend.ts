import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import {
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { partitionOf } from "../../config/partition";
import { makeBucket, makeLayout } from "./bucket";
import { findKey, makeKey } from "./key";
import { makePolicy, type PolicyName, readPolicy } from "./managed-policy";
import { backendBucketPolicy, secretsProvider, stackPolicy } from "./policy";
import type { BackendRequest } from "./request";

export interface BackendClients {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly iam: IAMClient;
}

/** A backend, with the data needed to use it. */
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
  /** ARNs of the policies for the stack's deploy role and for its plan role. */
  readonly policies: { readonly deploy: string; readonly plan: string };
}

/** Days for which S3 keeps former versions of the state; this project's choice. */
const keptDays = 90;

/**
 * Creates a backend for the states of stacks: a private, encrypted, versioned bucket, a key for their secrets, and two policies per stack.
 * Existing parts are set to the required configuration, so the command can be run again at any time. It deletes nothing except the oldest
 * version of a policy that has too many versions.
 *
 * @param say gets a message for every step
 * @throws Error if the bucket belongs to another account or is used for something else, or if the key can't be used
 */
export async function makeBackend(
  { region, accountId, bucket, stacks, adopt }: BackendRequest,
  { s3, kms, iam }: BackendClients,
  say: (text: string) => void,
): Promise<Backend> {
  const partition = partitionOf(region);
  const alias = `alias/${bucket}`;
  const key = { region, alias, bucket };
  // These checks come first: if the key or the bucket can't be used, nothing is created.
  const found = await findKey(kms, key);
  await makeBucket(s3, { region, accountId, bucket, adopt }, say);
  const keyArn = found ?? (await makeKey(kms, key, say));
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
  await s3.send(new PutBucketPolicyCommand({ ...own, Policy: JSON.stringify(backendBucketPolicy({ bucketArn })) }));
  say(`the bucket ${bucket} is private, encrypted and versioned`);
  await makeLayout(s3, own);
  const names = { partition, region, bucketArn, keyArn };
  const account = { partition: partition.name, accountId };
  await warnOfFormerPolicies(iam, { ...account, bucket, stacks }, say);
  const made: BackendStack[] = [];
  for (const stack of stacks) {
    const policy = (kind: PolicyKind) =>
      makePolicy(iam, { ...account, name: policyName(bucket, stack, kind) }, stackPolicy(names, stack, { writes: kind === "deploy" }), say);
    const policies = { deploy: await policy("deploy"), plan: await policy("plan") };
    made.push({ stack, secretsProvider: secretsProvider({ alias, region, stack }), policies });
  }
  return { bucket, keyArn, url: `s3://${bucket}?region=${region}`, stacks: made };
}

type PolicyKind = (typeof kinds)[number];
const kinds = ["deploy", "plan"] as const;

/**
 * Name of a stack's policy. The names of buckets and stacks contain no dot here, so no two stacks of an account have policies with the same name. With dashes
 * the stack `dev-x` in the bucket `states` would have the same names as the stack `x` in `states-dev`.
 */
export function policyName(bucket: string, stack: string, kind: PolicyKind): string {
  return `${bucket}.${stack}.${kind}`;
}

/**
 * Warns of policies that earlier versions of this command created and that this version does not use. The first versions created two
 * policies for all stacks together. Later versions created policies whose names could be the same as those of another backend.
 */
async function warnOfFormerPolicies(
  iam: IAMClient,
  {
    bucket,
    stacks,
    ...account
  }: { readonly partition: string; readonly accountId: string; readonly bucket: string; readonly stacks: readonly string[] },
  say: (text: string) => void,
): Promise<void> {
  for (const kind of kinds) {
    const name = `${bucket}-${kind}`;
    if (await isOwn(iam, { ...account, name }, bucket))
      say(`the policy ${name} of a former version allows all stacks: give its roles the policies of their stacks, and delete it`);
    for (const stack of stacks) {
      const former = `${bucket}-${stack}-${kind}`;
      if (await isOwn(iam, { ...account, name: former }, bucket))
        say(
          `the policy ${former} of a former version is no longer kept up to date: give its roles ${policyName(bucket, stack, kind)}, and delete it`,
        );
    }
  }
}

/** Whether the policy exists and belongs to this backend. A policy that names another bucket belongs to another backend. */
async function isOwn(iam: IAMClient, policy: PolicyName, bucket: string): Promise<boolean> {
  const document = await readPolicy(iam, policy);
  if (document === undefined) return false;
  const named = JSON.stringify(document).matchAll(/arn:[a-z-]{1,20}:s3:::([a-z0-9-]{1,63})/g);
  return [...named].every(([, name]) => name === bucket);
}
