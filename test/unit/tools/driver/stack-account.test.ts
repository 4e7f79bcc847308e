/** The AWS account of a stack's resources, and the refusal of credentials of another account. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { accountOf, credentialsProblem, refuseOtherAccount } from "../../../../tools/driver/stack-account";

const resource = (type: string, arn?: string) => ({ type, outputs: { arn } });
const vpc = resource("aws:ec2/vpc:Vpc", "arn:aws-us-gov:ec2:us-gov-west-1:123456789012:vpc/vpc-1");
const role = resource("aws:iam/role:Role", "arn:aws:iam::123456789012:role/dev-master");
const bucket = resource("aws:s3/bucket:Bucket", "arn:aws:s3:::dev-assets");
const foreign = resource("aws:route53/zone:Zone", "arn:aws:route53:us-east-1:210987654321:hostedzone/Z1");
const state = (...resources: ReturnType<typeof resource>[]) => ({ deployment: { resources } });

describe("the AWS account of a stack", () => {
  test.each([
    ["most of its resources", state(foreign, vpc, role), "123456789012"],
    ["none, of a bucket whose ARN has no account", state(bucket), undefined],
    ["none, of resources that are not in AWS", state(resource("command:local:Command", vpc.outputs.arn)), undefined],
    ["none, of an empty stack", {}, undefined],
  ])("is that of %s", (_, exported, account) => {
    expect(accountOf(exported)).toBe(account);
  });
});

describe("a command on a stack", () => {
  const before = process.env;
  let sts: Server;
  let answer: readonly [status: number, body: string];
  let calls: number;
  const identity = (account: string) =>
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

  beforeAll(async () => {
    sts = createServer((_, response) => {
      calls++;
      response.writeHead(answer[0], { "content-type": "text/xml" }).end(answer[1]);
    });
    await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(() => {
    calls = 0;
    const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    process.env = { ...before, AWS_ENDPOINT_URL_STS: endpoint, NO_PROXY: "127.0.0.1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
  });
  afterAll(async () => {
    process.env = before;
    await new Promise((resolve) => sts.close(resolve));
  });

  test("continues with credentials of its account, and makes no request while the stack has nothing in AWS", async () => {
    answer = [200, identity("123456789012")];
    await refuseOtherAccount(state(vpc, role), "us-east-1");
    expect(calls).toBe(1);
    await refuseOtherAccount(state(), "us-east-1");
    expect(calls).toBe(1);
  });

  test("is refused with credentials of another account", async () => {
    answer = [200, identity("210987654321")];
    await expect(refuseOtherAccount(state(vpc), "us-east-1")).rejects.toThrow(
      /belong to account 210987654321, but the resources of this stack are in account 123456789012\. Nothing was changed\.\nFix: /,
    );
  });

  test("is refused with credentials that do not work", async () => {
    answer = [
      403,
      "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The token is invalid</Message></Error></ErrorResponse>",
    ];
    await expect(refuseOtherAccount(state(vpc), "us-east-1")).rejects.toThrow("The token is invalid");
  });

  test("that failed reports expired credentials, and nothing if AWS accepts them or has another problem", async () => {
    const refusal = (code: string) => `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
    answer = [403, refusal("ExpiredToken")];
    expect(await credentialsProblem("us-east-1")).toMatch(/^Problem: the AWS credentials have expired.*\nFix: Get new credentials/);
    answer = [200, identity("123456789012")];
    expect(await credentialsProblem("us-east-1")).toBeUndefined();
    answer = [400, refusal("ValidationError")];
    expect(await credentialsProblem("us-east-1")).toBeUndefined();
  });
});
