import { isDeepStrictEqual } from "node:util";
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  EntityAlreadyExistsException,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListPolicyVersionsCommand,
  NoSuchEntityException,
} from "@aws-sdk/client-iam";

/** Maximum number of versions of a managed policy in IAM (IAM, "IAM and AWS STS quotas"). */
const maxVersions = 5;

export interface PolicyName {
  readonly partition: string;
  readonly accountId: string;
  readonly name: string;
}

function arnOf({ partition, accountId, name }: PolicyName): string {
  return `arn:${partition}:iam::${accountId}:policy/${name}`;
}

/** The document of the policy's default version; undefined if the policy does not exist. IAM returns it URL-encoded. */
export async function readPolicy(iam: IAMClient, name: PolicyName): Promise<unknown> {
  const PolicyArn = arnOf(name);
  try {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
    return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? "null"));
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
}

/**
 * Creates a customer managed policy with this document, or updates it if its document differs.
 *
 * @throws Error if a policy exists whose name differs only in case
 */
export async function makePolicy(iam: IAMClient, policy: PolicyName, document: object, say: (text: string) => void): Promise<string> {
  const { name } = policy;
  const arn = arnOf(policy);
  try {
    await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) }));
    say(`the policy ${name} was created`);
    return arn;
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  const former = await readPolicy(iam, policy);
  // IAM compares the names of policies without their case, but ARNs with their case (IAM, CreatePolicy).
  if (former === undefined)
    throw new Error(`IAM has a policy whose name differs from ${name} only in case: choose another name for the stack`);
  if (isDeepStrictEqual(former, document)) return arn;
  await makeRoom(iam, arn);
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: JSON.stringify(document), SetAsDefault: true }));
  say(`the policy ${name} was updated`);
  return arn;
}

/** Deletes the oldest version that is not the default, if the maximum number of versions is reached. */
async function makeRoom(iam: IAMClient, arn: string): Promise<void> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
  if (Versions.length < maxVersions) return;
  // The version IDs are v1, v2, …; IAM never uses a number again.
  const age = ({ VersionId = "" }: (typeof Versions)[number]) => Number(VersionId.slice(1));
  const [oldest] = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort((one, other) => age(one) - age(other));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: oldest.VersionId }));
}
