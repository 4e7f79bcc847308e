import { allowsEveryone, evaluatePolicies, parsePolicy, type Policies, type PolicyDocument } from "../../../../steps/diagnosis/policy";

const request = {
  roleArn: "arn:aws:iam::123456789012:role/boot",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::bucket/bootstrap.ign",
};
const policy = (name: string, Statement: PolicyDocument["Statement"]) => ({ name, document: { Statement } });
const allow = (Action: string | string[], Resource: string) => policy("own", { Effect: "Allow", Action, Resource });
const own = allow("s3:GetObject", request.resource);
const denyPlainHttp = policy("bucket policy", [
  {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "arn:aws:s3:::bucket/*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
]);
const denyRole = (principal: string) =>
  policy("bucket policy", { Effect: "Deny", Principal: { AWS: [principal] }, Action: "s3:Get*", Resource: "arn:aws:s3:::bucket/*" });
const grant = policy("bucket policy", { Effect: "Allow", Principal: { AWS: request.roleArn }, Action: "s3:GetObject", Resource: "*" });

describe("an IAM policy about the bootstrap instance's S3 object", () => {
  test.each<[string, Policies, object]>([
    ["exactly this object", { identity: [own] }, { allowed: true }],
    ["wildcards, whatever the action's case", { identity: [allow(["S3:get*"], "arn:aws:s3:::buck?t/*")] }, { allowed: true }],
    ["nothing", { identity: [] }, { allowed: false }],
    ["another object", { identity: [allow("s3:GetObject", "arn:aws:s3:::bucket/other.ign")] }, { allowed: false }],
    ["a longer name: a dot is no wildcard", { identity: [allow("s3:GetObject", "arn:aws:s3:::bucket/bootstrap?ig")] }, { allowed: false }],
    ["another action", { identity: [allow("s3:GetObjectAcl", "*")] }, { allowed: false }],
    ["plain HTTP forbidden", { identity: [own], bucket: denyPlainHttp }, { allowed: true }],
    ["the role forbidden", { identity: [own], bucket: denyRole(request.roleArn) }, { allowed: false, deniedBy: "bucket policy" }],
    ["another role forbidden", { identity: [own], bucket: denyRole("arn:aws:iam::123456789012:role/other") }, { allowed: true }],
    [
      "all but other actions forbidden",
      { identity: [own, policy("guard", { Effect: "Deny", NotAction: "ec2:*", Resource: "*" })] },
      { allowed: false, deniedBy: "guard" },
    ],
    ["an Allow in the bucket policy alone", { identity: [], bucket: grant }, { allowed: true }],
    [
      "a boundary that does not allow it",
      { identity: [own], boundary: { ...allow("ec2:*", "*"), name: "limit" } },
      { allowed: false, deniedBy: "limit" },
    ],
    ["a boundary that allows it", { identity: [own], boundary: allow("*", "*") }, { allowed: true }],
    [
      "a Deny under a condition that isn't known",
      {
        identity: [
          own,
          policy("guard", { Effect: "Deny", Action: "*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }),
        ],
      },
      { allowed: true },
    ],
  ])("is evaluated as AWS does: %s", (_, policies, result) => {
    expect(evaluatePolicies(request, policies)).toEqual(result);
  });

  test("is parsed with and without IAM's URL encoding", () => {
    const text = JSON.stringify(own.document);
    expect(parsePolicy("own", encodeURIComponent(text))).toEqual(own);
    expect(parsePolicy("own", text)).toEqual(own);
  });

  test("is recognized if it opens a bucket to everyone", () => {
    const open = { Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: "*" } as const;
    expect(allowsEveryone(policy("open", open))).toBe(true);
    expect(allowsEveryone(policy("from one VPC", { ...open, Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }))).toBe(false);
    expect(allowsEveryone(denyPlainHttp)).toBe(false);
  });
});
