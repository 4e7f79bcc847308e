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

/** Versions of a managed policy that IAM keeps (IAM, "IAM and AWS STS quotas"). */
const mostVersions = 5;

export interface PolicyName {
  readonly partition: string;
  readonly accountId: string;
  readonly name: string;
}

function arnOf({ partition, accountId, name }: PolicyName): string {
  return `arn:${partition}:iam::${accountId}:policy/${name}`;
}

/** The document that is in force; undefined where there is no such policy. IAM gives it URL-encoded. */
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
 * A customer managed policy with a document: made, or brought to it where it says something else.
 *
 * @throws Error when IAM takes its name for that of another policy
 */
export async function makePolicy(iam: IAMClient, policy: PolicyName, document: object, say: (text: string) => void): Promise<string> {
  const { name } = policy;
  const arn = arnOf(policy);
  try {
    await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) }));
    say(`the policy ${name} is made`);
    return arn;
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  const former = await readPolicy(iam, policy);
  // IAM, CreatePolicy: names are not distinguished by case. ARNs are.
  if (former === undefined)
    throw new Error(`IAM has a policy whose name differs from ${name} in case only: choose another name for the stack`);
  if (isDeepStrictEqual(former, document)) return arn;
  await makeRoom(iam, arn);
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: JSON.stringify(document), SetAsDefault: true }));
  say(`the policy ${name} said something else, and is brought up to date`);
  return arn;
}

/** Deletes the oldest version that is not in force, where there are as many as IAM keeps. */
async function makeRoom(iam: IAMClient, arn: string): Promise<void> {
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
  if (Versions.length < mostVersions) return;
  // v1, v2, …: numbers are never used again.
  const age = ({ VersionId = "" }: (typeof Versions)[number]) => Number(VersionId.slice(1));
  const [oldest] = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort((one, other) => age(one) - age(other));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: oldest.VersionId }));
}
