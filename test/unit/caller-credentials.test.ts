/** Whether the caller's credentials are a session, how long it lives, and two sources of credentials at once. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Configuration } from "../../config/configuration";
import { clientConfiguration } from "../../operations/aws-client";
import { type CallerCredentials, expiryWarnings, sourceProblems } from "../../stacks/caller-credentials";

const before = { ...process.env };
const root = resolve(__dirname, "../..");
let directory: string;
let without: NodeJS.ProcessEnv;
let sts: Server;

beforeAll(async () => {
  sts = createServer((_, response) => {
    const result = "<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>";
    response.writeHead(200, { "content-type": "text/xml" }).end(`<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`);
  });
  await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
  directory = mkdtempSync(join(tmpdir(), "profiles-"));
  const key = "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = example\n";
  writeFileSync(
    join(directory, "credentials"),
    `[default]\n${key}aws_session_token = example\n[mfa]\n${key}aws_session_token = example\n[user]\n${key}`,
  );
  const process_ = (answer: object) =>
    `credential_process = echo '${JSON.stringify({ Version: 1, AccessKeyId: "A", SecretAccessKey: "x", ...answer })}'\n`;
  writeFileSync(
    join(directory, "config"),
    `[profile broker]\n${process_({ SessionToken: "example", Expiration: "2040-01-01T00:00:00Z" })}[profile vault]\n${process_({})}`,
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

/** In a process of its own, since jest cannot run the SDK's imports. */
async function inProcess(environment: Readonly<Record<string, string>>): Promise<CallerCredentials> {
  const program = `require("./stacks/caller-credentials").callerCredentials("us-east-1").then((found) => console.log(JSON.stringify(found)))`;
  const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  const env = { ...without, AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL_STS: endpoint, NO_PROXY: "127.0.0.1", ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, ["--require", "tsx/cjs", "--eval", program], { cwd: root, env });
  return JSON.parse(stdout) as CallerCredentials;
}

const account = "123456789012";
const pair = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };

test.each<[string, Record<string, string>, CallerCredentials]>([
  ["a session in the profile of AWS_PROFILE", { AWS_PROFILE: "mfa" }, { hasToken: true, fixed: {}, account }],
  ["a session in the default profile", {}, { hasToken: true, fixed: {}, account }],
  ["a user's key in a profile", { AWS_PROFILE: "user" }, { hasToken: false, account }],
  ["a session of a program, which is asked for the next one", { AWS_PROFILE: "broker" }, { hasToken: true, account }],
  ["a user's key of a program", { AWS_PROFILE: "vault" }, { hasToken: false, account }],
  ["a session in the environment", { ...pair, AWS_SESSION_TOKEN: "x" }, { hasToken: true, fixed: {} }],
  ["a user's key in the environment, with a session in the default profile", pair, { hasToken: false }],
])("%s", async (_, environment, expected) => {
  expect(await inProcess(environment)).toEqual(expected);
});

test.each([
  ["an hour", "2026-01-01T01:00:00Z", "expire at 2026-01-01T01:00:00.000Z"],
  ["three hours", "2026-01-01T03:00:00Z", undefined],
  ["an unknown time", undefined, "nothing says when it ends"],
  ["a time that cannot be read", "soon", "nothing says when it ends"],
])("a session of %s under an installation of two hours", (_, end, text) => {
  const configuration = { bootstrapTimeout: 50, installTimeout: 70 } as Configuration;
  const session = { hasToken: true, fixed: { expiration: end === undefined ? undefined : new Date(end) } };
  const warnings = expiryWarnings(session, configuration, Date.parse("2026-01-01T00:00:00Z"));
  expect(warnings.map((warning) => warning.text)).toEqual(text === undefined ? [] : [expect.stringContaining(text)]);
});

test.each([
  ["an access key", pair, "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"],
  ["a web identity", { AWS_WEB_IDENTITY_TOKEN_FILE: "/token" }, "unset AWS_WEB_IDENTITY_TOKEN_FILE"],
])("AWS_PROFILE besides %s is refused, also by every own client", (_, environment, fix) => {
  process.env = { ...without, ...environment };
  expect(sourceProblems()).toEqual([]);
  expect(() => clientConfiguration("us-east-1")).not.toThrow();
  process.env.AWS_PROFILE = "mfa";
  expect(sourceProblems().map((problem) => problem.fix)).toEqual([`unset AWS_PROFILE, or ${fix}`]);
  expect(() => clientConfiguration("us-east-1")).toThrow("they could work in two accounts");
});
