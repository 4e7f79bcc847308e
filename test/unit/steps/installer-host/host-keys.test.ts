/** The wait for the installer host's SSH host keys, against a server with the answers of SSM. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SSMClient } from "@aws-sdk/client-ssm";
import { clientConfiguration } from "../../../../lib/aws/client";
import { deleteHostKeys, readHostKeys, waitForHostKeys } from "../../../../steps/installer-host/host-keys";

const parameter = "/okd/dev-x7k2q/installer-host/ssh-host-key";
const awaited = { region: "us-east-1", parameter, instanceId: "i-0123456789abcdef0", timeoutSeconds: 60 };
/** A server error that AWS's SDK does not retry, so the wait itself must retry. */
const unavailable = { status: 501, type: "Unavailable" };
const before = { ...process.env };

let server: Server;
/** The parameter's values, one for each time that it is read; the last one is repeated. Undefined: the parameter does not exist. */
let values: (string | undefined)[];
/** Errors of SSM, for the first requests. */
let errors: { readonly status: number; readonly type: string }[];
let asked: string[];
let said: string[];

beforeEach(async () => {
  [values, errors, asked, said] = [[undefined], [], [], []];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push(`${String(request.headers["x-amz-target"])} ${Buffer.concat(chunks).toString()}`);
      const error = errors.shift();
      const value = error === undefined ? (values.length > 1 ? values.shift() : values[0]) : undefined;
      const missing = { status: 400, type: "ParameterNotFound" };
      const { status, type } = error ?? (value === undefined ? missing : { status: 200, type: "" });
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1", connection: "close" });
      response.end(JSON.stringify(status === 200 ? { Parameter: { Name: parameter, Value: value } } : { __type: type, message: "no" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "stub",
    AWS_SECRET_ACCESS_KEY: "stub",
  });
});
afterEach(async () => {
  process.env = { ...before };
  await new Promise((resolve) => server.close(resolve));
});

const client = () => new SSMClient(clientConfiguration("us-east-1"));

/** Runs the wait with a clock that advances without waiting. */
function wait(): Promise<string[]> {
  let now = 0;
  const pause = (milliseconds: number): Promise<void> => {
    now += milliseconds;
    return Promise.resolve();
  };
  return waitForHostKeys(awaited, {
    read: () => readHostKeys(client(), parameter),
    say: (line) => said.push(line),
    clock: { now: () => now, pause },
  });
}

test("the wait for host keys ends when this instance has published them; keys of a replaced instance are ignored", async () => {
  const own = "i-0123456789abcdef0 ssh-ed25519 TkVX\ni-0123456789abcdef0 ecdsa-sha2-nistp256 TkVXMg==\n";
  values = [undefined, undefined, "i-0fffffffffffffff0 ssh-ed25519 T0xE\n", own];
  expect(await wait()).toEqual(["ecdsa-sha2-nistp256 TkVXMg==", "ssh-ed25519 TkVX"]);
  expect(asked).toEqual(Array(4).fill(`AmazonSSM.GetParameter {"Name":"${parameter}"}`));
});

test("the wait for host keys fails with a place to look if the instance never publishes its keys", async () => {
  await expect(wait()).rejects.toThrow(
    /^the installer host i-0123456789abcdef0 has not published its ssh host keys in the SSM parameter \/okd\/dev-x7k2q\/installer-host\/ssh-host-key within 60 seconds\. .*aws ec2 get-console-output --latest --instance-id i-0123456789abcdef0 --region us-east-1/,
  );
  expect(asked).toHaveLength(13);
});

test("the wait for host keys continues after temporary errors of SSM that the SDK does not retry", async () => {
  values = ["i-0123456789abcdef0 ssh-ed25519 TkVX\n"];
  errors = [unavailable, unavailable];
  expect(await wait()).toEqual(["ssh-ed25519 TkVX"]);
  expect(said).toEqual([
    expect.stringContaining(`the SSM parameter ${parameter} could not be read and will be tried again: Unavailable: no`),
    `the SSM parameter ${parameter} could be read again`,
  ]);
});

test("the wait for host keys fails at once if the credentials may not read the parameter", async () => {
  errors = [{ status: 400, type: "AccessDeniedException" }];
  await expect(wait()).rejects.toThrow(`the SSM parameter ${parameter} could not be read: AccessDeniedException: no`);
});

test("the parameter with the host keys is deleted, and a missing parameter is not an error", async () => {
  values = ["i-0123456789abcdef0 ssh-ed25519 TkVX\n", undefined];
  await deleteHostKeys(client(), parameter);
  await deleteHostKeys(client(), parameter);
  expect(asked).toEqual(Array(2).fill(`AmazonSSM.DeleteParameter {"Name":"${parameter}"}`));
});
