/** The approver's requests to EC2, and the time for which it uses an answer. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { InstanceInventory } from "../../../../steps/certificate-approver/inventory";

/** A server in place of EC2. It answers with the current `machines`, and records the time of each request. */
class FakeEc2 {
  status = 200;
  readonly machines: string[] = [];
  readonly readings: number[] = [];
  private readonly server: Server = createServer((message, response) => {
    void text(message).then((body) => {
      response.writeHead(this.status).end(this.answer(new URLSearchParams(body).get("Action") ?? ""));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(action: string): string {
    if (action === "DescribeInstances") this.readings.push(performance.now());
    const instances = this.machines.map((id) => `<item><instanceId>${id}</instanceId></item>`).join("");
    const set = `<reservationSet><item><instancesSet>${instances}</instancesSet></item></reservationSet>`;
    return `<${action}Response>${action === "DescribeInstances" ? set : ""}</${action}Response>`;
  }
}

describe("the approver's list of instances", () => {
  const before = { ...process.env };
  let ec2: FakeEc2;
  let inventory: InstanceInventory;

  beforeEach(async () => {
    ec2 = new FakeEc2();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL: await ec2.listen() });
    inventory = new InstanceInventory("us-east-1", "demo-x7k2p", "vpc-0a1");
  });

  afterEach(() => {
    ec2.close();
    process.env = { ...before };
  });

  async function ids(since?: number): Promise<readonly string[]> {
    return (await inventory.read(since)).map(({ id }) => id);
  }

  it("is read again for a request that came after the last answer, which may lack its instance", async () => {
    expect(await ids()).toEqual([]);
    ec2.machines.push("i-1");
    expect(await ids()).toEqual([]);
    expect(await ids(performance.now())).toEqual(["i-1"]);
    expect(ec2.readings).toHaveLength(2);
  });

  it("is read once for many requests that arrive together", async () => {
    const burst = [1, 2, 3].map(() => performance.now());
    for (const since of burst) await ids(since);
    expect(ec2.readings).toHaveLength(1);
  });

  it.each([[200], [403]])("is read at most once a second if EC2 answers %s", async (status) => {
    ec2.status = status;
    const begin = performance.now();
    for (let request = 0; request < 4; request++) await ids(performance.now()).catch(() => []);
    // From the beginning to the fourth reading there are three intervals. A slow machine only makes them longer. A timer may fire a
    // millisecond early.
    expect(Math.max(...ec2.readings) - begin).toBeGreaterThan(2950);
    expect(ec2.readings).toHaveLength(4);
  });
});
