import { setNodeLabel, type NodeClient, type NodeLabel, removeNodeLabel } from "../../operations/nodes/node-label";
import { stoppedClock } from "./stopped-clock";

const label: NodeLabel = { node: "ip-10-0-1-2.ec2.internal", machine: "i-1", label: "okd-aws/router", value: "public" };
const path = "/api/v1/nodes/ip-10-0-1-2.ec2.internal";
const node = (ready: string, labels: Readonly<Record<string, string>> = {}) => ({
  metadata: { name: label.node, labels },
  status: {
    conditions: [
      { type: "Ready", status: ready },
      { type: "DiskPressure", status: "False" },
    ],
  },
});

/** An API that gives one answer after the other, and the last one for ever. */
function apiWith(...answers: readonly unknown[]) {
  const sent: unknown[] = [];
  let asked = 0;
  const client = {
    get: (from: string) => {
      expect(from).toBe(path);
      const answer = answers[Math.min(asked++, answers.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    send: (...request: readonly unknown[]) => {
      sent.push(request);
      return Promise.resolve({});
    },
  } as unknown as NodeClient;
  return { client, sent, asked: () => asked };
}

test("labels a node when it is there and ready, and makes none before", async () => {
  const { client, sent, asked } = apiWith(undefined, new Error("no route"), node("Unknown"), node("True"));
  await setNodeLabel(client, label, stoppedClock());
  expect(asked()).toBe(4);
  expect(sent).toEqual([["PATCH", path, { metadata: { labels: { "okd-aws/router": "public" } } }]]);
});

test.each([
  [undefined, "there is no such node"],
  [node("False"), "the node is not ready"],
  [new Error("no route"), "the API gave no answer: no route"],
])("gives up after 20 minutes, and says what is missing", async (answer, reason) => {
  const { client, sent } = apiWith(answer);
  const clock = stoppedClock();
  const start = clock.now();
  await expect(setNodeLabel(client, label, clock)).rejects.toThrow(
    `the machine i-1 is no ready node ip-10-0-1-2.ec2.internal after 20 minutes: ${reason}`,
  );
  expect(clock.now() - start).toBeGreaterThanOrEqual(20 * 60_000);
  expect(sent).toEqual([]);
});

test.each([
  ["its own label", node("False", { "okd-aws/router": "public" }), [["PATCH", path, { metadata: { labels: { "okd-aws/router": null } } }]]],
  ["no label that has another shard's name by now", node("True", { "okd-aws/router": "private" }), []],
  ["nothing from a node that is gone", undefined, []],
])("takes away %s", async (_, answer, patches) => {
  const { client, sent } = apiWith(answer);
  await removeNodeLabel(client, label);
  expect(sent).toEqual(patches);
});
