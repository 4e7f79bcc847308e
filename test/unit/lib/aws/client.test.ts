import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfiguration } from "../../../../lib/aws/client";

const answer =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
const failure = "<ErrorResponse><Error><Code>ServiceUnavailable</Code><Message>x</Message></Error></ErrorResponse>";

let close = (): void => undefined;
afterEach(() => {
  close();
});

/** Calls STS with a client of this project. The service fails the given number of times before it answers. */
async function clientOf(failures: number): Promise<STSClient> {
  let calls = 0;
  const server: Server = createServer((_, response) => {
    calls += 1;
    if (calls > failures) response.end(answer);
    else response.writeHead(503).end(failure);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const client = new STSClient({
    ...clientConfiguration("us-east-1"),
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  close = () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  };
  return client;
}

describe("a client of the AWS SDK", () => {
  test("succeeds after five failed attempts, more than the SDK's default of three", async () => {
    const client = await clientOf(5);
    const { Account, $metadata } = await client.send(new GetCallerIdentityCommand({}));
    expect([Account, $metadata.attempts]).toEqual(["123456789012", 6]);
  });

  test("gives up after 10 s without a connection, or 60 s without data", async () => {
    const client = await clientOf(0);
    await client.send(new GetCallerIdentityCommand({}));
    // The SDK's type of a handler leaves out the method that each of its handlers has.
    const handler = client.config.requestHandler as unknown as { httpHandlerConfigs(): object };
    expect(handler.httpHandlerConfigs()).toMatchObject({ connectionTimeout: 10_000, socketTimeout: 60_000 });
  });
});
