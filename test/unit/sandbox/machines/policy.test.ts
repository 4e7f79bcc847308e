import { isFailure, mayDo, mayWithBucketPolicy, type PermissionRequest, type AwsSnapshot } from "../../../../sandbox/machines";
import { parseDocument } from "../../../../sandbox/machines/reading/permissions";

const object = "arn:aws:s3:::demo-1-bootstrap-ignition/bootstrap.ign";
const document = (...statements: object[]) => parseDocument(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: string | string[], Resource: string | string[], more: object = {}) => ({ Effect: "Deny", Action, Resource, ...more });

function decide(own: object[], request: Partial<PermissionRequest> = {}, boundary?: object[]): string {
  const decision = mayDo(
    {
      roleName: "demo-1-bootstrap-role",
      roleArn: "arn:aws:iam::123456789012:role/demo-1-bootstrap-role",
      policies: own.length === 0 ? {} : { "demo-1-bootstrap-policy": document(...own) },
      ...(boundary && { boundary: document(...boundary) }),
    },
    { action: "s3:GetObject", resource: object, ...request },
  );
  return isFailure(decision) ? decision.reason : "allowed";
}

const refusal = `role demo-1-bootstrap-role may not s3:GetObject on ${object}: `;
const notAllowed = `${refusal}no statement of demo-1-bootstrap-policy allows it`;

test.each([
  ["the action on the object", [allow("s3:GetObject", object)], "allowed"],
  ["wildcards", [allow("s3:Get*", "arn:aws:s3:::demo-?-*/*.ign")], "allowed"],
  ["the action in another case", [allow(["ec2:Describe*", "S3:getobject"], object)], "allowed"],
  ["every action except those of another service (NotAction)", [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }], "allowed"],
  ["nothing", [], `${refusal}it has no policy`],
  ["another action", [allow("s3:GetObjectVersion", object)], notAllowed],
  ["another object", [allow("s3:GetObject", object.replace("bootstrap.ign", "Bootstrap.ign"))], notAllowed],
  ["the bucket, not its objects", [allow("s3:*", "arn:aws:s3:::demo-1-bootstrap-ignition")], notAllowed],
  ["every action except this one", [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }], notAllowed],
  ["every object except this one", [{ Effect: "Allow", Action: "*", NotResource: object }], notAllowed],
  ["a denial", [allow("*", "*"), deny("s3:*", "*")], `${refusal}policy demo-1-bootstrap-policy of role demo-1-bootstrap-role denies it`],
])("a role's policy is evaluated as IAM does: %s", (_, statements, decision) => {
  expect(decide(statements)).toBe(decision);
});

const denyPlainHttp = { Sid: "DenyPlainHttp", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const overTls = { "aws:securetransport": "true" };

test.each([
  ["denies plain HTTP only", deny("s3:*", [object], denyPlainHttp), "allowed"],
  [
    "denies everyone",
    deny("s3:*", `${object.slice(0, -13)}*`, { Principal: "*", Sid: "Closed" }),
    `${refusal}the policy of ${object} denies it (Closed)`,
  ],
  ["denies somebody else", deny("s3:*", "*", { Principal: { AWS: "arn:aws:iam::123456789012:user/ann" } }), "allowed"],
  [
    "denies the account",
    deny("s3:*", "*", { Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
    `${refusal}the policy of ${object} denies it`,
  ],
  [
    "denies requests through another endpoint",
    deny("s3:*", "*", { Principal: "*", Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-2" } } }),
    `${refusal}the policy of ${object} denies it`,
  ],
  [
    "admits only requests through the endpoint",
    deny("s3:*", "*", { Principal: "*", Condition: { StringLike: { "aws:SourceVpce": "vpce-3*" } } }),
    "allowed",
  ],
])("a bucket's policy is evaluated as S3 does: it %s", (_, statement, decision) => {
  const context = { ...overTls, "aws:sourcevpce": "vpce-1" };
  expect(decide([allow("s3:GetObject", object)], { resourcePolicy: document(statement), context })).toBe(decision);
});

test("a bucket policy alone can allow a role of the same account", () => {
  const resourcePolicy = document(
    allow("s3:GetObject", "*", { Principal: { AWS: "arn:aws:iam::123456789012:role/demo-1-bootstrap-role" } }),
  );
  expect(decide([], { resourcePolicy })).toBe("allowed");
});

test("a permissions boundary limits what the policies allow", () => {
  expect(decide([allow("*", "*")], {}, [allow("s3:*", "*")])).toBe("allowed");
  expect(decide([allow("*", "*")], {}, [allow("ec2:*", "*")])).toBe(`${refusal}its permissions boundary doesn't allow it`);
  expect(decide([allow("*", "*")], {}, [allow("*", "*"), deny("s3:*", "*")])).toBe(`${refusal}its permissions boundary denies it`);
});

test("an unknown condition operator is an error", () => {
  const statement = allow("*", "*", { Condition: { NumericLessThan: { "s3:max-keys": "10" } } });
  expect(() => decide([statement], { context: { "s3:max-keys": "5" } })).toThrow("the condition operator NumericLessThan");
});

test(`the condition "Null: false" holds for any value of the key`, () => {
  const statement = allow("s3:GetObject", object, { Condition: { Null: { "s3:if-none-match": "false" } } });
  expect(decide([statement], { context: { "s3:if-none-match": "*" } })).toBe("allowed");
  expect(decide([statement])).toBe(notAllowed);
});

test.each([
  ["denies reading", "s3:GetObject", "arn:aws:s3:::demo-1-assets/installation.json", true],
  ["says nothing about", "s3:PutObject", "arn:aws:s3:::demo-1-assets/installer-host/health", false],
  ["is of another bucket than", "s3:GetObject", "arn:aws:s3:::demo-1-other/installation.json", false],
  ["is no policy of", "ssm:PutParameter", "arn:aws:ssm:us-east-1:123456789012:parameter/x", false],
])("the bucket's policy applies to each S3 request of an instance: one that %s %s", async (_, action, resource, refused) => {
  const policy = document(
    deny("s3:GetObject", "arn:aws:s3:::demo-1-assets/*", {
      Principal: "*",
      Condition: { StringNotEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/deployer" } },
    }),
  );
  const snapshot = {
    bucketPolicyOf: (bucket: string) => Promise.resolve(bucket === "demo-1-assets" ? policy : undefined),
  } as unknown as AwsSnapshot;
  const role = "arn:aws:iam::123456789012:role/demo-1-installer-host-role";
  const permissions = { roleName: "demo-1-installer-host-role", roleArn: role, policies: { own: document(allow("*", "*")) } };
  const decision = await mayWithBucketPolicy(snapshot, permissions, { action, resource });
  expect(isFailure(decision) ? decision.reason : "").toBe(
    refused ? `role demo-1-installer-host-role may not ${action} on ${resource}: the policy of ${resource} denies it` : "",
  );
});
