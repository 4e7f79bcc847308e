import type { ResourceChange, ResourceProperties } from "../../../../lib/pulumi/change";
import { exposureOf } from "../../../../tools/plan/exposure";
import { summarizePlan } from "../../../../tools/plan/summary";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const access = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const bucketPolicy = "aws:s3/bucketPolicy:BucketPolicy";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const role = "aws:iam/role:Role";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";

const guards = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const document = (...statements: readonly object[]) => JSON.stringify({ Statement: statements });
const policy = (...statements: readonly object[]) => ({ policy: document(...statements) });
const trust = (...statements: readonly object[]) => ({ assumeRolePolicy: document(...statements) });
const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const service = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };

/** The lines about exposure in the summary of one change, with their marks. */
function lines(type: string, before: ResourceProperties, after: ResourceProperties, name = "thing"): string[] {
  const operation = Object.keys(before).length === 0 ? "create" : Object.keys(after).length === 0 ? "delete" : "update";
  const change: ResourceChange = {
    operation,
    urn: `urn:pulumi:dev::okd-aws::${type}::${name}`,
    type,
    name,
    before,
    after,
    fields: [],
    protected: false,
  };
  return exposureOf(change).map(({ kind, text, wide }) => `${wide ? "⚠ " : ""}${kind} ${text}`);
}

interface Case {
  readonly what: string;
  readonly type: string;
  readonly before?: ResourceProperties;
  readonly after?: ResourceProperties;
  readonly lines: readonly string[];
}

const ports = { protocol: "tcp", fromPort: 22, toPort: 22 };

const cases: readonly Case[] = [
  {
    what: "a prefix list",
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    after: { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: "pl-1" },
    lines: ["⚠ opened tcp 22 of thing to prefix list pl-1"],
  },
  {
    what: "prefix lists and IPv6 in the older resource type, one of them not known yet",
    type: "aws:ec2/securityGroupRule:SecurityGroupRule",
    after: { type: "ingress", ...ports, prefixListIds: ["pl-1", unknown], ipv6CidrBlocks: ["::/0"] },
    lines: [
      "⚠ opened tcp 22 of thing to ::/0",
      "⚠ opened tcp 22 of thing to prefix list pl-1",
      "⚠ opened tcp 22 of thing to a prefix list that isn't known yet",
    ],
  },
  {
    what: "a rule for outgoing traffic, which exposes nothing",
    type: "aws:ec2/securityGroupRule:SecurityGroupRule",
    after: { type: "egress", ...ports, cidrBlocks: ["0.0.0.0/0"] },
    lines: [],
  },
  {
    what: "inline rules of a security group",
    type: securityGroup,
    before: { ingress: [{ ...ports, cidrBlocks: ["10.0.0.0/16"] }] },
    after: { ingress: [{ ...ports, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["2001:db8::/32"], prefixListIds: ["pl-2"] }] },
    lines: [
      "⚠ opened tcp 22 of thing to 0.0.0.0/0",
      "opened tcp 22 of thing to 2001:db8::/32",
      "⚠ opened tcp 22 of thing to prefix list pl-2",
      "closed tcp 22 of thing to 10.0.0.0/16",
    ],
  },
  {
    what: "an attached policy",
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    after: { role: "masters", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    lines: ["⚠ opened everything that arn:aws:iam::aws:policy/AdministratorAccess allows, for masters"],
  },
  {
    what: "a role's own policies",
    type: role,
    before: { managedPolicyArns: ["arn:a"] },
    after: {
      managedPolicyArns: ["arn:a", unknown],
      inlinePolicies: [{ name: "more", ...policy({ Effect: "Allow", Action: "iam:PassRole", Resource: "*" }) }],
    },
    lines: ["⚠ opened everything that a policy that isn't known yet allows, for thing", "opened iam:PassRole for thing on everything"],
  },
  {
    what: "a user's policy",
    type: "aws:iam/userPolicy:UserPolicy",
    after: policy({ Effect: "Allow", Action: "iam:CreateUser", Resource: "*" }),
    lines: ["opened iam:CreateUser for thing on everything"],
  },
  {
    what: "a new principal that may assume a role",
    type: role,
    before: trust(service),
    after: trust(
      service,
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "sts:AssumeRole" },
      { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
    ),
    lines: [
      "opened role thing to AWS arn:aws:iam::999999999999:root",
      '⚠ opened role thing to everybody if {"StringEquals":{"aws:PrincipalOrgID":"o-1"}}',
    ],
  },
  {
    what: "a condition that is removed from a role's trust",
    type: role,
    before: trust({ ...service, Condition: { StringEquals: { "aws:SourceAccount": "1" } } }),
    after: trust(service),
    lines: [
      "opened role thing to Service ec2.amazonaws.com",
      'closed role thing to Service ec2.amazonaws.com if {"StringEquals":{"aws:SourceAccount":"1"}}',
    ],
  },
  {
    what: "a role for everybody except some",
    type: role,
    after: trust({ Effect: "Allow", NotPrincipal: { AWS: "arn:x" }, Action: "sts:AssumeRole" }),
    lines: ["⚠ opened role thing to everybody but AWS arn:x"],
  },
  {
    what: "everything except some actions",
    type: rolePolicy,
    after: policy({ Effect: "Allow", NotAction: ["iam:*", "sts:*"], Resource: "*" }),
    lines: ["⚠ opened everything but iam:*, sts:* for thing on everything"],
  },
  {
    what: "everything except some resources",
    type: rolePolicy,
    after: policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::secret/*" }),
    lines: ["⚠ opened s3:GetObject for thing on everything but arn:aws:s3:::secret/*"],
  },
  {
    what: "everything except some, of a bucket",
    type: bucketPolicy,
    after: { bucket: "b", ...policy({ Effect: "Allow", Principal: "*", NotAction: "s3:PutObject", NotResource: "arn:x" }) },
    lines: ["⚠ opened everything but s3:PutObject of bucket b on everything but arn:x to everybody"],
  },
  {
    what: "a Deny that is removed from a bucket's policy",
    type: bucketPolicy,
    before: { bucket: "b", ...policy(deny) },
    after: { bucket: "b", ...policy() },
    lines: ['⚠ opened access that a Deny blocks: s3:* of bucket b to everybody if {"Bool":{"aws:SecureTransport":"false"}}'],
  },
  {
    what: "a Deny that is removed with its policy",
    type: rolePolicy,
    before: policy({ Effect: "Deny", Action: "iam:*", Resource: "*" }),
    lines: ["⚠ opened access that a Deny blocks: iam:* for thing on everything"],
  },
  {
    what: "a Deny that is added",
    type: rolePolicy,
    before: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }),
    after: policy(
      { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
      { Effect: "Deny", Action: "s3:GetObject", Resource: "arn:y" },
    ),
    lines: ["⚠ closed access that a Deny blocks: s3:GetObject for thing on arn:y"],
  },
  { what: "a Deny for a new resource", type: bucketPolicy, after: { bucket: "b", ...policy(deny) }, lines: [] },
  {
    what: "access blocks that are removed from a bucket",
    type: access,
    before: { bucket: "b", ...guards },
    lines: Object.keys(guards)
      .sort()
      .map((key) => `⚠ opened public access to thing (${key})`),
  },
  { what: "access blocks that are added to a bucket", type: access, after: { bucket: "b", ...guards }, lines: [] },
  {
    what: "a policy that isn't known",
    type: rolePolicy,
    before: policy(service),
    after: { policy: unknown },
    lines: ["closed sts:AssumeRole for thing on everything"],
  },
];

test.each(cases)("the exposure of a change: $what", ({ type, before = {}, after = {}, lines: expected }) => {
  expect(lines(type, before, after)).toEqual(expected);
});

describe("a deleted restriction", () => {
  const step = (type: string, name: string, inputs: ResourceProperties) => {
    const urn = `urn:pulumi:dev::okd-aws::okd:PrivateBucket$${type}::${name}`;
    return { op: "delete", urn, oldState: { type, custom: true, inputs } };
  };
  const guard = step(access, "assets-access", { bucket: "dev-assets", ...guards });

  test("is reported if it is the access block of a bucket that stays", () => {
    const { exposures, consequences } = summarizePlan({ steps: [guard] });
    expect(exposures).toHaveLength(4);
    expect(consequences).toMatchObject([{ severity: "loses protection", names: ["assets-access"] }]);
  });

  test("is not reported if it is the access block of a bucket that is deleted, too", () => {
    const bucket = step("aws:s3/bucket:Bucket", "assets-bucket", { bucket: "dev-assets" });
    const { exposures, consequences } = summarizePlan({ steps: [guard, bucket] });
    expect(exposures).toEqual([]);
    expect(consequences).toMatchObject([{ severity: "loses data", names: ["assets-bucket"] }]);
  });

  test("is not reported if it is a Deny of a role that is deleted, too; the role's lost access is reported", () => {
    const gone = [
      step(role, "ci", { name: "dev-ci", ...trust(service) }),
      step(rolePolicy, "ci-policy", {
        role: "dev-ci",
        ...policy({ Effect: "Allow", Action: "s3:*" }, { Effect: "Deny", Action: "iam:*" }),
      }),
    ];
    expect(summarizePlan({ steps: gone }).exposures.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "closed s3:* for ci-policy on everything",
      "closed role ci to Service ec2.amazonaws.com",
    ]);
  });

  test("is reported if it is the access block of a bucket, and another bucket is deleted", () => {
    const other = step("aws:s3/bucket:Bucket", "other-bucket", { bucket: "dev-other" });
    expect(summarizePlan({ steps: [guard, other] }).exposures).toHaveLength(4);
    const nameless = [
      step(access, "assets-access", { bucket: unknown, ...guards }),
      step("aws:s3/bucket:Bucket", "other", { bucket: unknown }),
    ];
    expect(summarizePlan({ steps: nameless }).exposures).toHaveLength(4);
  });
});
