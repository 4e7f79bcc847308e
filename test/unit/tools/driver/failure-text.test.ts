import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainAwsError } from "../../../../lib/aws/errors";
import { failureText } from "../../../../tools/driver/failure-text";
import { summarizePlan } from "../../../../tools/plan/summary";
import { finalMessage, refuseOldEngine } from "../../../../lib/pulumi/errors";
import { absentStack, refuseWrongConfiguration } from "../../../../tools/stack-configuration";
import { withKeys } from "../../config/fixture";

const stack = "urn:pulumi:prod::okd-aws::pulumi:pulumi:Stack::okd-aws-prod";
const role = "urn:pulumi:prod::okd-aws::aws:iam/role:Role::master-role-role";
const noCredentials = `1 error occurred:
\t* No valid credential sources found: Please see https://registry.terraform.io/providers/hashicorp/aws
for more information about providing credentials.

Error: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, access disabled`;

/** The Pulumi engine's message about a failed lookup. */
const thrown = (answer: string): string => `Running program '/okd/index.ts' failed with an unhandled exception:
<ref *1> Error: invocation of aws:index/getAvailabilityZones:getAvailabilityZones returned an error: ${answer}


    at Object.callback (/okd/node_modules/@pulumi/runtime/invoke.ts:281:37)
    at Object.onReceiveStatus (/okd/node_modules/@grpc/grpc-js/src/client.ts:360:26) {
  promise: Promise { <rejected> [Circular *1] }
}`;

describe("the first error on a real account", () => {
  test.each([
    [noCredentials, /no AWS credentials/, /AWS_PROFILE/],
    ["Could not load credentials from any providers", /no AWS credentials/, /get-caller-identity/],
    ["loading configuration: failed to get shared config profile, prod", /profile/, /list-profiles/],
    ["Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.", /have expired/, /aws sso login/],
    [
      "The SSO session token associated with profile=prod was not found or is invalid. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
      /nobody has signed in/,
      /aws sso login/,
    ],
    [
      "The SSO session associated with this profile is invalid. To refresh this SSO session run aws sso login",
      /have expired/,
      /aws sso login/,
    ],
    [`${noCredentials}\n\nError: failed to read cached SSO token file, open a.json: no such file`, /nobody has signed in/, /aws sso login/],
    [`${noCredentials}\n\nError: refresh cached SSO token failed, InvalidGrantException: `, /have expired/, /aws sso login/],
    ["Profile prod requires multi-factor authentication, but no MFA code callback was provided.", /MFA code/, /get-session-token/],
    ["assume role with MFA enabled, but AssumeRoleTokenProvider session option not set.", /MFA code/, /get-session-token/],
    ["refresh cached SSO token failed, the SSO session has expired or is invalid", /have expired/, /aws sso login/],
    ["AWS account ID not allowed: 111122223333", /belong to account 111122223333/, /allowedAccountIds|these keys/],
    ["api error InvalidClientTokenId: The security token included in the request is invalid.", /region is not enabled/, /enable-region/],
    ["api error AuthFailure: AWS was not able to validate the provided access credentials", /region is not enabled/, /enable-region/],
    ["api error OptInRequired: You are not subscribed to this service", /region is not enabled/, /enable-region/],
    ["api error SignatureDoesNotMatch: Signature expired", /clock/, /clock/],
    [
      'Post "https://sts.eu-central-1.amazonaws.com/": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused',
      /the proxy .* does not answer/,
      /HTTPS_PROXY/,
    ],
    [
      'Post "https://sts.eu-central-1.amazonaws.com/": dial tcp: lookup sts.eu-central-1.amazonaws.com: no such host',
      /cannot be reached/,
      /DNS/,
    ],
    ["getaddrinfo ENOTFOUND ec2.eu-central-1.amazonaws.com", /cannot be reached/, /DNS/],
  ])("is explained: %s", (text, problem, fix) => {
    const explanation = explainAwsError(text);
    expect(explanation?.problem).toMatch(problem);
    expect(explanation?.fix).toMatch(fix);
    expect(explanation?.access).toBe(true);
  });

  test("is not used to explain a refused connection to the cluster", () => {
    expect(
      explainAwsError("Get https://api.prod.example.org:6443/version: dial tcp 10.0.0.5:6443: connect: connection refused"),
    ).toBeUndefined();
  });

  test("is shown once and without a stack trace, for any number of resources and lookups", () => {
    const text = failureText([
      { urn: role, message: noCredentials },
      { urn: stack, message: thrown(noCredentials) },
    ]);
    expect(text).toBe(
      `${noCredentials}\n\nProblem: there are no AWS credentials.\nFix: Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "aws sts get-caller-identity" shows whether they work. Then run the same command again.`,
    );
  });

  test("does not hide other errors of AWS", () => {
    const image = "operation error EC2: RunInstances, api error AuthFailure: Not authorized for images: [ami-0123]";
    const address = "operation error EC2: AssociateAddress, api error AuthFailure: The address '203.0.113.9' does not belong to you.";
    const text = failureText([
      { urn: role, message: image },
      { urn: stack, message: address },
    ]);
    expect(text).toContain(image);
    expect(text).toContain(address);
    expect(text).not.toMatch(/credentials|region/);
  });

  test("is explained in a plan as in an update", () => {
    const message = `<{%reset%}>${thrown(noCredentials)}\n`;
    const { errors } = summarizePlan({
      steps: [],
      diagnostics: [
        { severity: "error", message: noCredentials },
        { severity: "error", message },
      ],
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/IMDS[^]*\nProblem: there are no AWS credentials\.\nFix: [^\n]*$/);
  });

  test("is shown without a stack trace if AWS denies a lookup, and the explanation names the action", () => {
    const denied =
      "reading EC2 Availability Zones: operation error EC2: DescribeAvailabilityZones, https response error StatusCode: 403, RequestID: x, api error UnauthorizedOperation: You are not authorized to perform this operation.";
    const text = failureText([{ urn: stack, message: thrown(denied) }]);
    expect(text).toMatch(/^reading EC2[^]*\n\nProblem: the AWS credentials may not do EC2: DescribeAvailabilityZones\.\nFix: [^\n]*$/);
    expect(text).not.toMatch(/ at |grpc|Promise/);
  });
});

test("the text of a failed update keeps failures that have no explanation, and the stack trace of an error in the program", () => {
  const fault =
    "Running program '/okd/index.ts' failed with an unhandled exception:\nTypeError: x is undefined\n    at f (/okd/index.ts:1:1)";
  const text = failureText([
    { urn: role, message: "the name is taken" },
    { urn: stack, message: fault },
  ]);
  expect(text).toBe(`master-role-role: the name is taken\n\nokd-aws-prod: ${fault}`);
});

describe("placeholders in the stack file", () => {
  let project: string;
  const entries = (keys: Readonly<Record<string, unknown>>, secret = true) =>
    Object.fromEntries(Object.entries(withKeys(keys)).map(([key, value]) => [key, { value: String(value), secret }]));
  const refusal = (keys: Readonly<Record<string, unknown>>, secret?: boolean): string => {
    try {
      refuseWrongConfiguration(entries(keys, secret), "prod", project);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "first-run-"));
    mkdirSync(join(project, "policy"));
    writeFileSync(join(project, "policy", "PulumiPolicy.yaml"), "runtime: nodejs\n");
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  test("are refused before the Pulumi engine starts, with fixes for this stack", () => {
    const message = refusal({ baseDomain: "<your-domain>", adminCidrs: '["<your-range>"]', sshKey: "x" });
    expect(message.match(/^ +fix: .*$/gm)?.map((line) => line.trim())).toEqual([
      "fix:     pulumi config set --stack prod baseDomain example.com",
      "fix:     pulumi config set --stack prod --path 'adminCidrs[0]' 198.51.100.0/24",
      "fix:     pulumi config rm --stack prod sshKey, and set sshPublicKey instead",
    ]);
  });

  test("are refused together with secrets in plain text", () => {
    const pullSecret = '{"auths":{"quay.io":{"auth":"dXNlcjpwYXNz"}}}';
    expect(refusal({ pullSecret })).toBe("");
    expect(refusal({ pullSecret }, false)).toMatch(
      /pullSecret is stored in plain text[^]*config set --stack prod --secret pullSecret < file/,
    );
  });

  test("are not reported in a valid configuration or another project", () => {
    expect(refusal({})).toBe("");
    rmSync(join(project, "policy"), { recursive: true });
    expect(refusal({ baseDomain: "<your-domain>" })).toBe("");
  });
});

describe("an error of the Pulumi command line", () => {
  /** The Automation API's error for this output of the command line. */
  const told = (printed: string): Error => {
    const said = `Command failed with exit code 255: /okd/pulumi config --show-secrets --json --stack prod\n${printed}`;
    return new Error(`code: -2\n stdout: \n stderr: ${said}\n err?: Error: ${said}\n`);
  };

  test.each([
    ["error: incorrect passphrase", /not the passphrase that this stack was created with/],
    ["error: could not create secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or …", /passphrase .* is not set/],
    ["setsid: failed to execute pulumi: No such file or directory", /not on the PATH/],
    ["error: no stack named 'prod' found", /does not exist/],
    ["error: the stack is currently locked by 1 lock(s).", /another update/],
  ])("is shown once, with a fix, by the driver and by a single command: %s", (printed, problem) => {
    for (const error of [told(printed), new Error(`pulumi config failed: ${printed}`)]) {
      const message = finalMessage(error);
      expect(message.split(printed)).toHaveLength(2);
      expect(message).toMatch(problem);
      expect(message).toMatch(/\nFix: /);
      expect(message).not.toMatch(/err\?|Command failed|stdout/);
    }
  });

  test("without a known explanation is shown without the text that the Automation API adds", () => {
    const printed = "error: a stack name may only contain alphanumeric, hyphens, underscores, or periods";
    expect(finalMessage(told(printed))).toBe(printed);
  });

  test("is explained as a missing pulumi if the program cannot be started", () => {
    expect(finalMessage(new Error("spawn pulumi ENOENT"))).toMatch(/Problem: pulumi is not on the PATH/);
  });

  test("is detected early for a Pulumi engine that is older than the SDK, and for no other", () => {
    expect(() => {
      refuseOldEngine("3.99.0", "3.248.0");
    }).toThrow(/pulumi 3\.99\.0 on the PATH is older than 3\.248\.0.*\nFix: /);
    for (const version of ["3.248.0", "3.255.0", undefined]) refuseOldEngine(version, "3.248.0");
  });

  test("is detected early for a stack that does not exist", () => {
    expect(absentStack("acme/okd-aws/prod")).toMatch(
      /its file Pulumi\.prod\.yaml exists\.\nFix: .*cp examples\/Pulumi\.ha\.yaml Pulumi\.prod\.yaml/,
    );
  });
});
