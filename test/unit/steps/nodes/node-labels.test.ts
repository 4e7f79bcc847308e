import { RefusedByApi } from "../../../../lib/kubernetes/client";
import {
  type NodeClient,
  type NodeLabelsAndTaints,
  removeLabelsAndTaints,
  setLabelsAndTaints,
  type Taint,
} from "../../../../steps/nodes/node-labels";
import { stoppedClock } from "../../lib/stopped-clock";

const infra: Taint = { key: "node-role.kubernetes.io/infra", effect: "NoSchedule" };
const spot: Taint = { key: "spot", value: "yes", effect: "NoSchedule" };
const labeled: NodeLabelsAndTaints = {
  node: "ip-10-0-1-2.ec2.internal",
  machine: "i-1",
  labels: { "okd-aws/router": "public" },
  taints: [],
};
const tainted: NodeLabelsAndTaints = { ...labeled, labels: {}, taints: [infra] };
const path = "/api/v1/nodes/ip-10-0-1-2.corp.example.com";
/** Nodes that do not belong to the instance: the node of another instance, and a node that claims this instance's ID under another host name. */
const others = [
  { metadata: { name: "ip-10-0-1-2.corp.example.com" }, spec: { providerID: "aws:///us-east-1a/i-2" } },
  { metadata: { name: "ip-10-0-9-9.corp.example.com" }, spec: { providerID: "aws:///us-east-1a/i-1" } },
];
/** The instance's node, whose name is in the domain of the VPC's DHCP options. */
const node = (ready: string, labels: Readonly<Record<string, string>> = {}, taints?: readonly Taint[], resourceVersion = "1") => ({
  metadata: { name: "ip-10-0-1-2.corp.example.com", resourceVersion, labels },
  spec: { providerID: "aws:///us-east-1a/i-1", taints },
  status: {
    conditions: [
      { type: "Ready", status: ready },
      { type: "DiskPressure", status: "False" },
    ],
  },
});

/**
 * An API that gives these answers one after the other and repeats the last one. It refuses the given number of changes with a conflict, as if
 * somebody else had written the node.
 */
function apiWith(answers: readonly unknown[], conflicts = 0) {
  const sent: unknown[] = [];
  let asked = 0;
  const next = () => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const client = {
    list: async (from: string) => {
      expect(from).toBe("/api/v1/nodes");
      const answer = await next();
      return [...others, ...(answer === undefined ? [] : [answer])];
    },
    get: (from: string) => {
      expect(from).toBe(path);
      return next();
    },
    send: (...request: readonly unknown[]) => {
      sent.push(request);
      return sent.length <= conflicts ? Promise.reject(new RefusedByApi(409, "the object has been modified")) : Promise.resolve({});
    },
  } as unknown as NodeClient;
  return { client, sent, asked: () => asked };
}

const patch = (labels: object, taints?: readonly Taint[], resourceVersion = "1") => [
  "PATCH",
  path,
  { metadata: { resourceVersion, labels }, ...(taints && { spec: { taints } }) },
];

test("a node gets its labels when the node exists and is ready", async () => {
  const { client, sent, asked } = apiWith([undefined, new Error("no route"), node("Unknown"), node("True")]);
  await setLabelsAndTaints(client, labeled, stoppedClock());
  expect(asked()).toBe(5);
  expect(sent).toEqual([patch({ "okd-aws/router": "public" })]);
});

test.each([
  ["in addition to the taints of others", [spot], [[spot, infra]]],
  ["in place of its own taint with another value", [{ ...infra, value: "reserved" }, spot], [[spot, infra]]],
  ["not a second time", [infra], []],
])("a node gets its taints %s", async (_, before, written) => {
  const { client, sent } = apiWith([node("True", {}, before)]);
  await setLabelsAndTaints(client, tainted, stoppedClock());
  expect(sent).toEqual(written.map((taints) => patch({}, taints)));
});

test("a write that conflicts is repeated with the current node, at most ten times", async () => {
  const { client, sent } = apiWith([node("True"), node("True", {}, [], "1"), node("True", {}, [spot], "2")], 1);
  await setLabelsAndTaints(client, tainted, stoppedClock());
  expect(sent).toEqual([patch({}, [infra], "1"), patch({}, [spot, infra], "2")]);
  const busy = apiWith([node("True")], 1000);
  await expect(setLabelsAndTaints(busy.client, tainted, stoppedClock())).rejects.toThrow("the object has been modified");
  expect(busy.sent).toHaveLength(11);
});

test.each([
  [undefined, "it has not joined the cluster"],
  [node("False"), "its node ip-10-0-1-2.corp.example.com is not ready"],
  [new Error("no route"), "the API did not answer: no route"],
])("labeling gives up after 20 minutes, and says what is missing", async (answer, reason) => {
  const { client, sent } = apiWith([answer]);
  const clock = stoppedClock();
  const start = clock.now();
  await expect(setLabelsAndTaints(client, labeled, clock)).rejects.toThrow(
    `the instance i-1 is not a ready node after 20 minutes: ${reason}`,
  );
  expect(clock.now() - start).toBeGreaterThanOrEqual(20 * 60_000);
  expect(sent).toEqual([]);
});

test.each([
  ["its own label", labeled, node("False", { "okd-aws/router": "public" }), [patch({ "okd-aws/router": null })]],
  ["no label that has another shard's name by now", labeled, node("True", { "okd-aws/router": "private" }), []],
  ["its own taint, and no other", tainted, node("True", {}, [infra, spot]), [patch({}, [spot])]],
  ["no taint that is gone", tainted, node("True", {}, [spot]), []],
  ["nothing from a node that is gone", labeled, undefined, []],
])("the removal of labels and taints removes %s", async (_, wanted, answer, patches) => {
  const { client, sent } = apiWith([answer]);
  await removeLabelsAndTaints(client, wanted);
  expect(sent).toEqual(patches);
});
