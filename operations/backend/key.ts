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

/** Where a backend's key is. */
export interface KeyName {
  readonly region: string;
  /** `alias/<bucket>` */
  readonly alias: string;
  readonly bucket: string;
}

/**
 * ARN of the key under the alias; undefined where there is no such alias.
 *
 * @throws Error when nothing can be encrypted with it: every later change of a state would fail
 */
export async function findKey(kms: KMSClient, { region, alias }: KeyName): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    const flaw = KeyMetadata && flawOf(KeyMetadata, region);
    if (flaw !== undefined) throw new Error(`the key ${alias} (${KeyMetadata?.Arn ?? "without an ARN"}) ${flaw}`);
    return KeyMetadata?.Arn;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** Why a key cannot be used for states and their secrets, and what helps (AWS KMS, "Key states of AWS KMS keys" and "Cancel key deletion"). */
function flawOf({ Arn = "", KeyState, KeySpec, DeletionDate }: KeyMetadata, region: string): string | undefined {
  const command = (name: string) => `aws kms ${name} --region ${region} --key-id ${Arn}`;
  // S3 encrypts with symmetric keys only (S3 user guide, "Using server-side encryption with AWS KMS keys").
  if (KeySpec !== "SYMMETRIC_DEFAULT")
    return `is a key ${KeySpec ?? "of an unknown kind"}, and states need a symmetric one: choose another name for the bucket, or delete the alias`;
  if (KeyState === "Enabled") return undefined;
  if (KeyState === "Disabled") return `is Disabled. Enable it: ${command("enable-key")}`;
  if (KeyState !== "PendingDeletion") return `is ${KeyState ?? "in no state"}, not Enabled: wait, or find out why`;
  return (
    `is PendingDeletion: AWS deletes it at ${DeletionDate?.toISOString() ?? "a time that is not known"}, and then the secrets of all states are lost. ` +
    `Keep it: ${command("cancel-key-deletion")}, and then ${command("enable-key")}`
  );
}

/** Makes the key and its alias; a key that a run made which was killed before it gave it the alias is found by its tag. */
export async function makeKey(kms: KMSClient, { alias, bucket }: KeyName, say: (text: string) => void): Promise<string> {
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
