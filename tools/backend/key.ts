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
import { ownTag } from "./bucket";

/** Region and alias of a backend's key. */
export interface KmsKeyName {
  readonly region: string;
  /** `alias/<bucket>` */
  readonly alias: string;
  readonly bucket: string;
}

/**
 * ARN of the key with this alias; undefined if the alias does not exist.
 *
 * @throws Error if the key can't encrypt: every later change of a state would fail
 */
export async function findKey(kms: KMSClient, { region, alias }: KmsKeyName): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    const problem = KeyMetadata && problemOf(KeyMetadata, region);
    if (problem !== undefined) throw new Error(`the key ${alias} (${KeyMetadata?.Arn ?? "without an ARN"}) ${problem}`);
    return KeyMetadata?.Arn;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** The reason why a key can't be used for states and their secrets, and the fix (AWS KMS, "Key states of AWS KMS keys" and "Cancel key deletion"). */
function problemOf({ Arn = "", KeyState, KeySpec, DeletionDate }: KeyMetadata, region: string): string | undefined {
  const command = (name: string) => `aws kms ${name} --region ${region} --key-id ${Arn}`;
  // S3 encrypts with symmetric keys only (S3 user guide, "Using server-side encryption with AWS KMS keys").
  if (KeySpec !== "SYMMETRIC_DEFAULT")
    return `has the key spec ${KeySpec ?? "unknown"}, but states need a symmetric key: choose another name for the bucket, or delete the alias`;
  if (KeyState === "Enabled") return undefined;
  if (KeyState === "Disabled") return `is Disabled. Enable it: ${command("enable-key")}`;
  if (KeyState !== "PendingDeletion") return `is ${KeyState ?? "in an unknown state"}, not Enabled: wait, or find out the reason`;
  return (
    `is PendingDeletion: AWS deletes it at ${DeletionDate?.toISOString() ?? "an unknown time"}, and then the secrets of all states are lost. ` +
    `Keep it: ${command("cancel-key-deletion")}, and then ${command("enable-key")}`
  );
}

/** Creates the key and its alias. If a run was killed between these two steps, its key is found by the tag. */
export async function makeKey(kms: KMSClient, { alias, bucket }: KmsKeyName, say: (text: string) => void): Promise<string> {
  const { Arn, KeyId } = (await taggedKey(kms, bucket)) ?? (await createKey(kms, alias, bucket)) ?? {};
  if (Arn === undefined || KeyId === undefined) throw new Error("KMS created a key without returning its ARN and ID");
  await kms.send(new EnableKeyRotationCommand({ KeyId }));
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }));
  say(`the key ${alias} was created`);
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
    // KMS denies the request for AWS managed keys, and for keys whose policy excludes these credentials. This command created none of these
    // keys.
    if (error instanceof KMSServiceException && error.name === "AccessDeniedException") return [];
    throw error;
  }
}
