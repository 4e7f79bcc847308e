/** The part of the deployer's AWS credentials that the program sends to the installer host. STS is a server on loopback. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { deployerCredentials } from "../../../../components/installer/deployer-credentials";

const before = { ...process.env };
let sts: Server;
let requests: string[];
let answer: readonly [status: number, body: string];
const session = `<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult><Credentials>
  <AccessKeyId>ASIASESSION</AccessKeyId><SecretAccessKey>of the session</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>2026-11-29T03:00:00Z</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>`;

beforeAll(async () => {
  sts = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push(body);
      response.writeHead(answer[0], { "content-type": "text/xml" }).end(answer[1]);
    });
  });
  await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => {
  requests = [];
  answer = [200, session];
  process.env = {
    ...before,
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    NO_PROXY: "127.0.0.1",
    AWS_ACCESS_KEY_ID: "AKIALASTING",
    AWS_SECRET_ACCESS_KEY: "hunter2",
  };
  delete process.env.AWS_SESSION_TOKEN;
});
afterAll(async () => {
  process.env = before;
  await new Promise((resolve) => sts.close(resolve));
});

test("instead of a long-lived access key, the installer host gets temporary credentials that expire after an hour", async () => {
  expect(await deployerCredentials("us-east-1", "temporary")).toEqual({
    AWS_ACCESS_KEY_ID: "ASIASESSION",
    AWS_SECRET_ACCESS_KEY: "of the session",
    AWS_SESSION_TOKEN: "token",
  });
  const [request] = requests.map((body) => Object.fromEntries(new URLSearchParams(body)));
  expect(request).toMatchObject({ Action: "GetSessionToken", DurationSeconds: "3600" });
});

test("temporary credentials are sent unchanged, because STS accepts no temporary credentials in GetSessionToken", async () => {
  process.env.AWS_SESSION_TOKEN = "of a role";
  expect(await deployerCredentials("us-east-1", "temporary")).toMatchObject({
    AWS_ACCESS_KEY_ID: "AKIALASTING",
    AWS_SESSION_TOKEN: "of a role",
  });
  expect(requests).toEqual([]);
});

test("the long-lived access key is sent if the cluster itself needs the deployer's credentials", async () => {
  expect(await deployerCredentials("us-east-1", "permanent")).toEqual({
    AWS_ACCESS_KEY_ID: "AKIALASTING",
    AWS_SECRET_ACCESS_KEY: "hunter2",
  });
  expect(requests).toEqual([]);
});

test("if STS denies temporary credentials, nothing is sent, and the error says what to do", async () => {
  answer = [
    403,
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>explicit deny in a service control policy</Message></Error></ErrorResponse>",
  ];
  await expect(deployerCredentials("us-east-1", "temporary")).rejects.toThrow(/sts:GetSessionToken is denied.*temporary credentials/s);
});
