import {
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import {
  GetBucketPolicyCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  type Grantee,
} from "@aws-sdk/client-s3";
import type { Attempts } from "../attempts";
import { bootstrapObject } from "../pointer";
import { allowsEveryone, type NamedPolicy, parsePolicy, type Policies } from "../policy";
import { type IgnitionEvidence, isPendingOrRunning, type InstanceEvidence } from "../evidence";
import { type DiagnosisClients, unlessMissing } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/** The groups of everyone on the internet and of everyone with an AWS account (S3 user guide, "Access control list overview"). */
const everyone = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

/** Reads the object to which the bootstrap instance's pointer config leads, and the permissions of the instance to read it. */
export async function readIgnition(
  machines: Promise<readonly InstanceEvidence[] | undefined>,
  clients: DiagnosisClients,
  attempts: Attempts,
): Promise<IgnitionEvidence | undefined> {
  const machine = (await machines)?.find((each) => each.role === "bootstrap" && isPendingOrRunning(each));
  const place = bootstrapObject(machine?.userData ?? "");
  if (machine === undefined || place === undefined) return undefined;
  const { bucket: Bucket, key: Key } = place;
  const { storage, iam } = clients;
  const [object, bucketPolicy, block, grantees, role] = await Promise.all([
    attempts.ask("ignition", `s3://${Bucket}/${Key}`, "s3:GetObject", async (abortSignal) => {
      const answer = await unlessMissing(storage.send(new GetObjectCommand({ Bucket, Key }), { abortSignal }));
      return answer === null ? null : ((await answer.Body?.transformToString()) ?? "");
    }),
    attempts.ask("ignition", `the policy of bucket ${Bucket}`, "s3:GetBucketPolicy", async (abortSignal) => {
      const answer = await unlessMissing(storage.send(new GetBucketPolicyCommand({ Bucket }), { abortSignal }));
      return answer?.Policy === undefined ? null : parsePolicy(`the policy of bucket ${Bucket}`, answer.Policy);
    }),
    attempts.ask("ignition", `the public access block of bucket ${Bucket}`, "s3:GetBucketPublicAccessBlock", async (abortSignal) => {
      const answer = await unlessMissing(storage.send(new GetPublicAccessBlockCommand({ Bucket }), { abortSignal }));
      return answer?.PublicAccessBlockConfiguration ?? {};
    }),
    attempts.ask("ignition", `the access list of s3://${Bucket}/${Key}`, "s3:GetObjectAcl", async (abortSignal) => {
      const answer = await unlessMissing(storage.send(new GetObjectAclCommand({ Bucket, Key }), { abortSignal }));
      return (answer?.Grants ?? []).flatMap(({ Grantee }): Grantee[] => (Grantee ? [Grantee] : []));
    }),
    attempts.ask(
      "ignition",
      "the bootstrap instance's role",
      "iam:GetInstanceProfile, iam:GetRole and iam:ListRolePolicies",
      (abortSignal) => readRole(machine.instance.IamInstanceProfile?.Arn, iam, abortSignal),
    ),
  ]);
  const publicPolicy = bucketPolicy && block && !block.RestrictPublicBuckets && allowsEveryone(bucketPolicy);
  const publicList = block && !block.IgnorePublicAcls && grantees?.some(({ URI = "" }) => everyone.test(URI));
  const publicBecause = publicPolicy ? bucketPolicy.name : publicList ? "its access control list" : undefined;
  return {
    bucket: Bucket,
    key: Key,
    ...(object !== undefined && { object }),
    ...(publicBecause !== undefined && { publicBecause }),
    ...(role !== undefined && { roleArn: role?.arn ?? null }),
    // Permissions are not evaluated without the bucket policy. A failed read of the policy is reported elsewhere.
    ...(role && bucketPolicy !== undefined && { policies: { ...role.policies, ...(bucketPolicy && { bucket: bucketPolicy }) } }),
  };
}

interface Role {
  readonly arn: string;
  readonly policies: Pick<Policies, "identity" | "boundary">;
}

/** The role of an instance profile; null if there is no profile or no role in it. */
async function readRole(profileArn: string | undefined, client: DiagnosisClients["iam"], abortSignal: AbortSignal): Promise<Role | null> {
  const InstanceProfileName = profileArn?.split("/").at(-1);
  if (InstanceProfileName === undefined) return null;
  const profile = await unlessMissing(client.send(new GetInstanceProfileCommand({ InstanceProfileName }), { abortSignal }));
  const RoleName = profile?.InstanceProfile?.Roles?.[0]?.RoleName;
  if (RoleName === undefined) return null;
  const [role, inline, attached] = await Promise.all([
    client.send(new GetRoleCommand({ RoleName }), { abortSignal }),
    collectPages(paginateListRolePolicies({ client }, { RoleName }, { abortSignal }), ({ PolicyNames }) => PolicyNames),
    collectPages(paginateListAttachedRolePolicies({ client }, { RoleName }, { abortSignal }), ({ AttachedPolicies }) => AttachedPolicies),
  ]);
  const managed = async (PolicyArn: string): Promise<NamedPolicy> => {
    const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }), { abortSignal });
    const version = new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId });
    const { PolicyVersion } = await client.send(version, { abortSignal });
    return parsePolicy(PolicyArn, PolicyVersion?.Document ?? "");
  };
  const boundaryArn = role.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  const [boundary, ...identity] = await Promise.all([
    boundaryArn === undefined ? undefined : managed(boundaryArn),
    ...inline.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }), { abortSignal });
      return parsePolicy(PolicyName, PolicyDocument);
    }),
    ...attached.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [managed(PolicyArn)])),
  ]);
  return {
    arn: role.Role?.Arn ?? "",
    policies: { identity, ...(boundary && { boundary }) },
  };
}
