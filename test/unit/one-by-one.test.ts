import { type ControlPlaneClient, lackOfControlPlane } from "../../operations/nodes/control-plane";
import { OneByOne } from "../../operations/nodes/one-by-one";
import { stoppedClock } from "./stopped-clock";

interface Cluster {
  /** Whether each node is ready. */
  nodes: Record<string, boolean>;
  boots: Record<string, string>;
  /** What an operator says of itself that isn't as it should be. */
  operators: Record<string, Partial<Record<"Available" | "Degraded" | "Progressing", string>>>;
  answers: boolean;
}

const whole = (): Cluster => ({
  nodes: { "node-0": true, "node-1": true, "node-2": true },
  boots: { "node-0": "a", "node-1": "b", "node-2": "c" },
  operators: {},
  answers: true,
});

function clientOf(cluster: Cluster): ControlPlaneClient {
  const answer = <T>(make: () => T) => (cluster.answers ? Promise.resolve(make()) : Promise.reject(new Error("connect ECONNREFUSED")));
  const node = (name: string) => ({
    metadata: { name },
    status: {
      conditions: [{ type: "Ready", status: cluster.nodes[name] ? "True" : "Unknown" }],
      nodeInfo: { bootID: cluster.boots[name] },
    },
  });
  const operator = (name: string) => ({
    metadata: { name },
    status: {
      conditions: Object.entries({ Available: "True", Degraded: "False", Progressing: "False", ...cluster.operators[name] }).map(
        ([type, status]) => ({ type, status, message: `${type} for a reason` }),
      ),
    },
  });
  return {
    list: () => answer(() => Object.keys(cluster.nodes).map(node)),
    get: (path: string) => answer(() => (path.includes("clusteroperators") ? operator : node)(path.split("/").at(-1) ?? "")),
  } as unknown as ControlPlaneClient;
}

/** An order over a cluster whose time passes only while somebody waits; `meanwhile` is what happens then. */
function orderOf(cluster: Cluster, meanwhile: (seconds: number) => void = (): void => undefined) {
  const warnings: string[] = [];
  const stopped = stoppedClock();
  const start = stopped.now();
  const clock = {
    now: () => stopped.now(),
    pause: async (milliseconds: number) => {
      await stopped.pause(milliseconds);
      meanwhile((stopped.now() - start) / 1000);
    },
  };
  const order = new OneByOne({ client: clientOf(cluster), warn: (text) => warnings.push(text), clock });
  return { order, warnings, seconds: () => (stopped.now() - start) / 1000 };
}

describe("a control plane", () => {
  const cases: readonly (readonly [string, Partial<Cluster>, string | undefined])[] = [
    ["is whole", {}, undefined],
    ["has a node that isn't ready", { nodes: { "node-0": true, "node-1": false } }, "node-1 is not ready"],
    [
      "has a degraded etcd",
      { operators: { etcd: { Degraded: "True" } } },
      "the cluster operator etcd has Degraded True: Degraded for a reason",
    ],
    [
      "rolls its API server out",
      { operators: { "kube-apiserver": { Progressing: "True" } } },
      "the cluster operator kube-apiserver has Progressing True: Progressing for a reason",
    ],
  ];
  test.each(cases)("%s", async (_, change, lack) => {
    expect(await lackOfControlPlane(clientOf({ ...whole(), ...change }))).toBe(lack);
  });
});

const member = { machine: "masters-0", node: "node-0" };

test("a machine is a member again when it has booted anew and everything is settled", async () => {
  const cluster = whole();
  const { order, seconds } = orderOf(cluster, (passed) => {
    if (passed >= 60) cluster.boots["node-0"] = "a2";
    cluster.nodes["node-0"] = passed < 10 || passed >= 90;
    cluster.operators.etcd = { Progressing: passed >= 90 && passed < 120 ? "True" : "False" };
  });
  expect(await order.before(member)).toBe("a");
  expect(seconds()).toBe(0);
  await order.after(member, "a");
  expect(seconds()).toBe(120);
});

test("it is stopped as soon as operators have settled", async () => {
  const cluster = whole();
  cluster.operators["kube-apiserver"] = { Progressing: "True" };
  const { order, seconds } = orderOf(cluster, (passed) => {
    if (passed >= 300) cluster.operators = {};
  });
  expect(await order.before(member)).toBe("a");
  expect(seconds()).toBe(300);
});

test("it isn't stopped while the control plane would not bear it", async () => {
  const cluster = whole();
  cluster.operators.etcd = { Degraded: "True" };
  const { order, seconds } = orderOf(cluster);
  await expect(order.before(member)).rejects.toThrow(
    /^masters-0 was not stopped, because the control plane would not bear it: .*etcd has Degraded True/,
  );
  expect(seconds()).toBeGreaterThanOrEqual(20 * 60);
});

test("one that doesn't come back is told of, with what is lacking", async () => {
  const cluster = whole();
  const { order } = orderOf(cluster, () => (cluster.nodes["node-0"] = false));
  const boot = await order.before(member);
  await expect(order.after(member, boot)).rejects.toThrow(
    "masters-0 was stopped and started, and 20 minutes later node-0 has not booted anew. See its console's log",
  );
  cluster.boots["node-0"] = "a2";
  await expect(order.after(member, boot)).rejects.toThrow("20 minutes later node-0 is not ready");
});

test("a cluster that gives no answer has nothing to protect: its machines are changed, with a warning", async () => {
  const { order, warnings, seconds } = orderOf({ ...whole(), answers: false });
  expect(await order.before(member)).toBeUndefined();
  expect(seconds()).toBeGreaterThanOrEqual(120);
  expect(warnings).toEqual([
    "the cluster's API gives no answer (connect ECONNREFUSED): masters-0 is changed all the same, and nothing is waited for",
  ]);
  await order.after(member, undefined);
  expect(seconds()).toBeLessThan(200);
});
