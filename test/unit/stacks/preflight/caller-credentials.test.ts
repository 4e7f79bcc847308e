/** The caller's AWS credentials: whether they are temporary, when they expire, and whether there are two sources at once. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { Configuration } from "../../../../config/configuration";
import { clientConfiguration } from "../../../../lib/aws/client";
import { type CallerCredentials, expiryWarnings, credentialSourceProblems } from "../../../../stacks/preflight/caller-credentials";

const before = { ...process.env };
const root = resolve(__dirname, "../../../..");
let directory: string;
let without: NodeJS.ProcessEnv;
let sts: Server;

beforeAll(async () => {
  sts = createServer((request, response) => {
    void text(request).then((body) => {
      const action = new URLSearchParams(body).get("Action") ?? "";
      const session = "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>x</SessionToken>";
      const role = `<Credentials>${session}<Expiration>2040-01-01T00:00:00Z</Expiration></Credentials>`;
      const result = action === "AssumeRole" ? role : "<Account>123456789012</Account>";
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    });
  });
  await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
  directory = mkdtempSync(join(tmpdir(), "profiles-"));
  const key = "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = example\n";
  writeFileSync(
    join(directory, "credentials"),
    `[default]\n${key}aws_session_token = example\n[mfa]\n${key}aws_session_token = example\n[user]\n${key}`,
  );
  const role = "role_arn = arn:aws:iam::123456789012:role/deploy\n";
  const process_ = (answer: object) =>
    `credential_process = echo '${JSON.stringify({ Version: 1, AccessKeyId: "A", SecretAccessKey: "x", ...answer })}'\n`;
  writeFileSync(
    join(directory, "config"),
    `[profile broker]\n${process_({ SessionToken: "example", Expiration: "2040-01-01T00:00:00Z" })}[profile vault]\n${process_({})}[profile deploy]\n${role}source_profile = mfa\n[profile lasting]\n${role}source_profile = user\n`,
  );
  without = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith("AWS_")));
  Object.assign(without, { AWS_CONFIG_FILE: join(directory, "config"), AWS_SHARED_CREDENTIALS_FILE: join(directory, "credentials") });
});
afterEach(() => {
  process.env = before;
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await new Promise((resolve) => sts.close(resolve));
});

/** Runs in a separate process, because jest cannot run the SDK's imports. */
async function inProcess(environment: Readonly<Record<string, string>>): Promise<CallerCredentials> {
  const program = `require("./stacks/preflight/caller-credentials").callerCredentials("us-east-1").then((found) => console.log(JSON.stringify(found)))`;
  const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  const env = { ...without, AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL_STS: endpoint, NO_PROXY: "127.0.0.1", ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, ["--require", "tsx/cjs", "--eval", program], { cwd: root, env });
  return JSON.parse(stdout) as CallerCredentials;
}

const account = "123456789012";
const identity = { AWS_WEB_IDENTITY_TOKEN_FILE: "/token", AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/ci" };
const pair = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };

test.each<[string, Record<string, string>, CallerCredentials]>([
  ["a session in the profile of AWS_PROFILE", { AWS_PROFILE: "mfa" }, { hasToken: true, fixed: {}, account }],
  ["a session in the default profile", {}, { hasToken: true, fixed: {}, account }],
  ["a user's key in a profile", { AWS_PROFILE: "user" }, { hasToken: false, account }],
  ["a session of a credential process, which is called again for the next one", { AWS_PROFILE: "broker" }, { hasToken: true, account }],
  ["a role that a session in a profile assumes", { AWS_PROFILE: "deploy" }, { hasToken: true, account, fixed: {} }],
  ["a role that a user's key assumes, so that sessions are renewed", { AWS_PROFILE: "lasting" }, { hasToken: true, account }],
  ["a user's key from a credential process", { AWS_PROFILE: "vault" }, { hasToken: false, account }],
  ["a session in the environment", { ...pair, AWS_SESSION_TOKEN: "x" }, { hasToken: true, fixed: {} }],
  ["a user's key in the environment, with a session in the default profile", pair, { hasToken: false }],
])("the credentials are described: %s", async (_, environment, expected) => {
  expect(await inProcess(environment)).toEqual(expected);
});

test.each([
  ["an hour", "2026-01-01T01:00:00Z", "expire at 2026-01-01T01:00:00.000Z"],
  ["three hours", "2026-01-01T03:00:00Z", undefined],
  ["an unknown time", undefined, "whose end is unknown"],
  ["an invalid time", "soon", "whose end is unknown"],
])("the warning about a session that expires in %s, with an installation of two hours", (_, end, text) => {
  const configuration = { bootstrapTimeout: 50, installTimeout: 70 } as Configuration;
  const session = { hasToken: true, fixed: { expiration: end === undefined ? undefined : new Date(end) } };
  const warnings = expiryWarnings(session, configuration, Date.parse("2026-01-01T00:00:00Z"));
  expect(warnings.map((warning) => warning.text)).toEqual(text === undefined ? [] : [expect.stringContaining(text)]);
});

describe("an environment in which the SDKs for Go and JavaScript find different credentials is refused, also by every AWS client of the program", () => {
  const unsetKey = "unset AWS_PROFILE, or unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";

  test.each<[string, Record<string, string>, string, string]>([
    ["AWS_PROFILE in addition to an access key", { ...pair, AWS_PROFILE: "mfa" }, "AWS_PROFILE", unsetKey],
    ["AWS_PROFILE in addition to a web identity", { ...identity, AWS_PROFILE: "mfa" }, "AWS_PROFILE", "unset AWS_WEB_IDENTITY_TOKEN_FILE"],
    [
      "a profile named default in addition to a web identity",
      identity,
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_SHARED_CREDENTIALS_FILE to /dev/null",
    ],
    ["AWS_DEFAULT_PROFILE alone", { AWS_DEFAULT_PROFILE: "prod" }, "AWS_DEFAULT_PROFILE", "set AWS_PROFILE=prod"],
    [
      "an older name of the access key's variable",
      { AWS_ACCESS_KEY: "x", AWS_SECRET_KEY: "x" },
      "AWS_ACCESS_KEY",
      "set AWS_ACCESS_KEY_ID instead",
    ],
    [
      "an older name of the secret key's variable",
      { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_KEY: "x" },
      "AWS_SECRET_KEY",
      "set AWS_SECRET_ACCESS_KEY",
    ],
  ])("%s", (_, environment, key, fix) => {
    process.env = { ...without, ...environment };
    expect(credentialSourceProblems()).toEqual([expect.objectContaining({ key, fix: expect.stringContaining(fix) as string })]);
    expect(() => clientConfiguration("us-east-1")).toThrow("the program and its tools could work in two different accounts");
  });

  const noFiles = { AWS_CONFIG_FILE: "/nonexistent", AWS_SHARED_CREDENTIALS_FILE: "/nonexistent" };
  test.each<[string, Record<string, string>]>([
    ["an access key, whatever AWS_DEFAULT_PROFILE is", { ...pair, AWS_DEFAULT_PROFILE: "prod" }],
    ["an access key under both names", { ...pair, AWS_ACCESS_KEY: "x", AWS_SECRET_KEY: "x" }],
    ["one profile under both names", { AWS_PROFILE: "prod", AWS_DEFAULT_PROFILE: "prod" }],
    ["a web identity without profiles", { ...identity, ...noFiles }],
    ["profiles", {}],
  ])("but not for %s", (_, environment) => {
    process.env = { ...without, ...environment };
    expect(credentialSourceProblems()).toEqual([]);
    expect(() => clientConfiguration("us-east-1")).not.toThrow();
  });
});
