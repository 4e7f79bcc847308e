/** Without usable AWS credentials the diagnosis reports only that, and no problem in a layer of the cluster. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { refuseUnusableCredentials } from "../../../../tools/diagnose/credentials";
import { VALID } from "../../config/fixture";

const project = join(__dirname, "..", "..", "..", "..");
const state = { deployment: { resources: [{ type: "aws:iam/role:Role", outputs: { arn: "arn:aws:iam::123456789012:role/dev-master" } }] } };

describe("make diagnose", () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "diagnosis-credentials-"));
    const configuration = Object.fromEntries(Object.entries(VALID).map(([key, value]) => [key, { value }]));
    const answers = { config: configuration, output: { infraId: "dev-abcde" }, export: state };
    for (const [name, answer] of Object.entries(answers)) writeFileSync(join(directory, name), JSON.stringify(answer));
    // This program replaces `pulumi`. It answers "config", "stack output" and "stack export".
    writeFileSync(join(directory, "pulumi"), `#!/bin/sh\n[ "$1" = stack ] && shift\ncat "${directory}/$1"\n`, { mode: 0o755 });
    writeFileSync(join(directory, "profiles"), "[profile work]\nregion = us-east-1\n");
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const diagnose = (variables: NodeJS.ProcessEnv, ...args: readonly string[]) => {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
    const profiles = join(directory, "profiles");
    return spawnSync(join(project, "node_modules", ".bin", "tsx"), ["tools/diagnose/cli.ts", "--stack", "dev", ...args], {
      cwd: project,
      encoding: "utf8",
      env: {
        ...Object.fromEntries(inherited),
        PATH: `${directory}${delimiter}${process.env.PATH ?? ""}`,
        ...{ AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: profiles, AWS_SHARED_CREDENTIALS_FILE: profiles },
        ...variables,
      },
    });
  };

  test.each<[string, NodeJS.ProcessEnv, readonly string[], string]>([
    ["no credentials", {}, [], "Problem: there are no AWS credentials.\nFix: Set AWS_PROFILE, or "],
    ["no credentials, for a program", {}, ["--json"], "Problem: there are no AWS credentials.\nFix: Set AWS_PROFILE, or "],
    ["a profile that is not set up", { AWS_PROFILE: "nope" }, [], "Problem: the AWS profile in use is not set up on this machine.\nFix: "],
    [
      "a profile and a key",
      { AWS_PROFILE: "work", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" },
      [],
      "Problem: AWS_PROFILE is set together with AWS_ACCESS_KEY_ID",
    ],
  ])("with %s fails with one problem and its fix", (_, variables, args, message) => {
    const { stdout, stderr, status } = diagnose(variables, ...args);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.match(/^Problem: /gm)).toHaveLength(1);
    expect(status).toBe(1);
  });
});

describe("the diagnosis' check of the caller's account", () => {
  const before = process.env;
  let sts: Server;
  let answer: readonly [status: number, body: string];
  const identity = (account: string) =>
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
  const refusal = (code: string, message: string) =>
    `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

  beforeAll(async () => {
    sts = createServer((_, response) => {
      response.writeHead(answer[0], { "content-type": "text/xml" }).end(answer[1]);
    });
    await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    const others = Object.entries(before).filter(([name]) => !name.startsWith("AWS_"));
    const key = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
    process.env = { ...Object.fromEntries(others), ...key, AWS_ENDPOINT_URL_STS: endpoint, NO_PROXY: "127.0.0.1" };
  });
  afterAll(async () => {
    process.env = before;
    await new Promise((resolve) => sts.close(resolve));
  });

  test("accepts credentials of the stack's account, and any credentials before the stack has one", async () => {
    answer = [200, identity("123456789012")];
    await expect(refuseUnusableCredentials(state, "us-east-1")).resolves.toBeUndefined();
    answer = [200, identity("210987654321")];
    await expect(refuseUnusableCredentials({}, "us-east-1")).resolves.toBeUndefined();
  });

  test("refuses credentials of another account, in which each layer would seem to be missing", async () => {
    answer = [200, identity("210987654321")];
    await expect(refuseUnusableCredentials(state, "us-east-1")).rejects.toThrow("belong to account 210987654321");
  });

  test.each([
    ["expired", 400, "ExpiredToken", "The security token included in the request is expired"],
    ["wrong", 403, "InvalidClientTokenId", "The security token included in the request is invalid."],
  ])("refuses %s credentials, even for a stack without resources", async (_, status, code, message) => {
    answer = [status, refusal(code, message)];
    await expect(refuseUnusableCredentials({}, "us-east-1")).rejects.toThrow(message);
  });

  test("continues if STS has an error, which says nothing about the credentials", async () => {
    answer = [503, refusal("ServiceUnavailable", "STS is not available")];
    await expect(refuseUnusableCredentials(state, "us-east-1")).resolves.toBeUndefined();
  });
});
