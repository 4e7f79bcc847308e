import {
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  type IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { GetBucketPolicyCommand, S3ServiceException } from "@aws-sdk/client-s3";
import type { AwsSnapshot } from "../aws-snapshot";
import type { Document, Permissions, Statement } from "../permissions";
import { clientsOf } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

/** Functions that read policies from AWS when they are called. */
export function readPermissions(region: string): Pick<AwsSnapshot, "permissionsOf" | "bucketPolicyOf"> {
  const { iam, s3 } = clientsOf(region);
  return {
    permissionsOf: (profileArn) => permissionsOf(iam, profileArn),
    bucketPolicyOf: async (bucket) => {
      try {
        const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
        return Policy === undefined ? undefined : parseDocument(Policy);
      } catch (error) {
        if (error instanceof S3ServiceException && ["NoSuchBucketPolicy", "NoSuchBucket"].includes(error.name)) return undefined;
        throw error;
      }
    },
  };
}

async function permissionsOf(iam: IAMClient, profileArn: string): Promise<Permissions | undefined> {
  const InstanceProfileName = profileArn.slice(profileArn.lastIndexOf("/") + 1);
  const profile = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName })).catch((error: unknown) => {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  });
  const role = profile?.InstanceProfile?.Roles?.[0];
  if (role === undefined) return undefined;
  const { RoleName = "", Arn = "" } = role;
  const [inline, attached] = await Promise.all([
    collectPages(paginateListRolePolicies({ client: iam }, { RoleName }), (page) => page.PolicyNames),
    collectPages(paginateListAttachedRolePolicies({ client: iam }, { RoleName }), (page) => page.AttachedPolicies),
  ]);
  const policies = await Promise.all([
    ...inline.map(async (name) => {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }));
      return [name, parseDocument(decodeURIComponent(PolicyDocument))] as const;
    }),
    ...attached.map(async ({ PolicyName = "", PolicyArn = "" }) => [PolicyName, await managedPolicy(iam, PolicyArn)] as const),
  ]);
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    roleName: RoleName,
    roleArn: Arn,
    policies: Object.fromEntries(policies),
    ...(boundary === undefined ? {} : { boundary: await managedPolicy(iam, boundary) }),
  };
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<Document> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId ?? "v1" }));
  return parseDocument(decodeURIComponent(PolicyVersion?.Document ?? ""));
}

type OneOrMore = string | readonly string[] | undefined;
interface RawStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Sid?: string;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Principal?: string | Readonly<Record<string, OneOrMore>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | boolean | readonly string[]>>>>;
}

/** Parses a policy's JSON text. @throws SyntaxError if it is not JSON. */
export function parseDocument(text: string): Document {
  const { Statement } = JSON.parse(text) as { Statement: RawStatement | readonly RawStatement[] };
  return { statements: [Statement].flat().map((raw) => statementOf(raw)) };
}

function statementOf(raw: RawStatement): Statement {
  const { Principal: principal = [] } = raw;
  return {
    effect: raw.Effect,
    ...(raw.Sid === undefined ? {} : { sid: raw.Sid }),
    actions: listed(raw.Action ?? raw.NotAction),
    notActions: raw.NotAction !== undefined,
    resources: listed(raw.Resource ?? raw.NotResource),
    notResources: raw.NotResource !== undefined,
    principals: typeof principal === "string" ? [principal] : Object.values(principal).flatMap(listed),
    conditions: Object.fromEntries(
      Object.entries(raw.Condition ?? {}).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, values]) => [key.toLowerCase(), [values].flat().map(String)])),
      ]),
    ),
  };
}

function listed(value: OneOrMore): string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : [...value];
}
