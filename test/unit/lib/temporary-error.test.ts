/** Waits that take hours continue after a temporary error and report it. Any other error ends them at once. */
import { createServer } from "node:http";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { TolerantReader, isTemporaryError } from "../../../lib/temporary-error";
import { waitForHealth } from "../../../steps/installer-host/health";
import { waitForMirror } from "../../../steps/mirror/wait";
import { RefusedByApi } from "../../../lib/kubernetes/client";
import { encodeFiles } from "../../../ignition/file-transfer";
import { stoppedClock } from "./stopped-clock";

const failure = (name: string, more: object = {}): Error => Object.assign(new Error(`says ${name}`), { name, ...more });
const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
const broken = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe("a temporary error", () => {
  test.each<[string, Error, boolean]>([
    ["S3's throttling", failure("SlowDown", answered(503)), true],
    ["EC2's throttling", failure("RequestLimitExceeded", answered(503)), true],
    ["SSM's throttling, a status 400", failure("ThrottlingException", answered(400)), true],
    ["an error of the service", failure("InternalError", answered(500)), true],
    ["an error of a gateway in between", failure("Unknown", answered(502)), true],
    ["a time-out of the SDK", failure("TimeoutError"), true],
    ["a name that can't be resolved", broken("ENOTFOUND"), true],
    ["a resolver that fails", broken("EAI_AGAIN"), true],
    ["a reset connection", broken("ECONNRESET"), true],
    ["a refused connection", broken("ECONNREFUSED"), true],
    ["no route", broken("EHOSTUNREACH"), true],
    ["a broken connection that another error wraps", new Error("fetch failed", { cause: broken("ECONNRESET") }), true],
    ["none of several addresses answers", new AggregateError([broken("ECONNREFUSED"), broken("ENETUNREACH")]), true],
    ["a proxy that ends the connection", new Error("Proxy connection ended before receiving CONNECT response"), true],
    ["an API server that restarts", new RefusedByApi(503, "GET /api: 503"), true],
    ["a missing permission", failure("AccessDenied", answered(403)), false],
    ["a missing permission of SSM", failure("AccessDeniedException", answered(400)), false],
    ["an expired session", failure("ExpiredToken", answered(400)), false],
    ["an expired session of SSM", failure("ExpiredTokenException", answered(400)), false],
    ["a wrong key", failure("InvalidAccessKeyId", answered(403)), false],
    ["no credentials", failure("CredentialsProviderError"), false],
    ["a bucket that is gone", failure("NoSuchBucket", answered(404)), false],
    ["another region's bucket", failure("PermanentRedirect", answered(301)), false],
    ["a quota", failure("LimitExceededException", answered(400)), false],
    ["a proxy that requires a password", failure("Unknown", answered(407)), false],
    ["a certificate that is not trusted", broken("SELF_SIGNED_CERT_IN_CHAIN"), false],
    ["a refusal by the API", new RefusedByApi(403, "GET /api: 403"), false],
    ["a defect of the program", new TypeError("x is not a function"), false],
  ])("is recognized by its error: %s", (_, error, passes) => {
    expect(isTemporaryError(error)).toBe(passes);
  });

  test("is distinguished from a refusal, in the errors that the SDK makes of a server's answers", async () => {
    const answers = [
      { status: 503, code: "SlowDown" },
      { status: 500, code: "InternalError" },
      { status: 403, code: "AccessDenied" },
      { status: 400, code: "ExpiredToken" },
      { status: 404, code: "NoSuchBucket" },
    ];
    const server = createServer((request, response) => {
      const answer = answers.at(Number(new URL(request.url ?? "", "http://x").pathname.split("/").at(-1)));
      if (answer === undefined) return request.socket.destroy();
      const { status, code } = answer;
      response.writeHead(status, { "content-type": "application/xml" });
      return response.end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address() as { port: number };
    const client = new S3Client({
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${address.port}`,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: "x", secretAccessKey: "y" },
    });
    const passes = (key: number) =>
      client.send(new GetObjectCommand({ Bucket: "b", Key: String(key) })).then(() => "answered", isTemporaryError);
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map(passes))).toEqual([true, true, false, false, false, true]);
    client.destroy();
    server.close();
  });
});

test("each new reason of a failed request is reported once, and the next successful request is reported once", async () => {
  const said: string[] = [];
  const reader = new TolerantReader({ of: "the state", say: (line) => said.push(line) });
  const slow = () => Promise.reject(failure("SlowDown"));
  for (const question of [slow, slow, () => Promise.reject(broken("ENOTFOUND")), () => Promise.resolve(1), () => Promise.resolve(2)])
    await reader.read(question);
  expect(said).toEqual([
    "the state could not be read and will be tried again: SlowDown: says SlowDown",
    "the state could not be read and will be tried again: connect ENOTFOUND",
    "the state could be read again",
  ]);
});

describe.each([
  [
    "the wait for the mirror",
    (surroundings: Parameters<typeof waitForMirror>[1]) =>
      waitForMirror({ region: "us-east-1", bucket: "b", key: "k", volumeId: "vol-0a", timeoutSeconds: 10_800 }, surroundings),
    `done 2026-01-01T00:00:09Z vol0a\n${encodeFiles({ "idms.yaml": "x" })}`,
  ],
  [
    "the wait for the host's health",
    (surroundings: Parameters<typeof waitForHealth>[1]) =>
      waitForHealth({ region: "us-east-1", bucket: "b", key: "k", instanceId: "i-0a", timeoutSeconds: 10_800 }, surroundings),
    "healthy 2026-01-01T00:00:09Z i-0a\n\n",
  ],
])("%s", (_, wait, success) => {
  /** Runs the wait against these answers, one for each request; the last one is repeated. The time passes only in the wait's pauses. */
  function meets(answers: readonly (string | Error | undefined)[], interval = 5000) {
    const rest = [...answers];
    const said: string[] = [];
    const read = () => {
      const answer = rest.length > 1 ? rest.shift() : rest[0];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    return { result: wait({ read, interval, say: (line) => said.push(line), clock: stoppedClock() }), said };
  }
  const temporary = failure("SlowDown", answered(503));

  test("continues after failures that pass, even a minute of them, and reports them", async () => {
    const { result, said } = meets([undefined, temporary, undefined, ...(Array(12).fill(temporary) as Error[]), success]);
    await result;
    const tried: unknown = expect.stringMatching(/could not be read and will be tried again: SlowDown/);
    const again: unknown = expect.stringMatching(/could be read again/);
    expect(said).toEqual([tried, again, tried, again]);
  });

  test("ends at the first refusal, with its reason", async () => {
    const { result } = meets([undefined, failure("AccessDenied", answered(403)), success]);
    await expect(result).rejects.toThrow(/could not be read: AccessDenied: says AccessDenied$/);
  });

  test("ends after 15 minutes of temporary errors", async () => {
    await expect(meets([undefined, temporary]).result).rejects.toThrow(/could not be read for 15 minutes: SlowDown: says SlowDown$/);
  });

  test("reports the last error when it reaches its time limit", async () => {
    await expect(meets([undefined, undefined, undefined, temporary], 3_600_000).result).rejects.toThrow(
      /within 10800 seconds[^]*could not be read the last time: SlowDown: says SlowDown/,
    );
  });
});

test("a mirroring failure from before the wait is ignored, even if the first request fails", async () => {
  const failed = (time: number) => `failed 2026-01-01T00:00:0${time}Z vol0a\n[ERROR] quay.io answers 503\n`;
  const answers = [failure("SlowDown", answered(503)), failed(1), failed(2), failed(3), `done 2026-01-01T00:00:09Z vol0a\n`];
  const read = () => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const request = { region: "us-east-1", bucket: "b", key: "k", volumeId: "vol-0a", timeoutSeconds: 60 };
  expect(await waitForMirror(request, { read, interval: 1000, say: () => undefined, clock: stoppedClock() })).toEqual({});
});
