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
  const order = new OneByOne({ client: () => Promise.resolve(clientOf(cluster)), warn: (text) => warnings.push(text), clock });
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

test("the next machine is stopped when the one before has booted anew and everything is settled", async () => {
  const cluster = whole();
  const { order, seconds } = orderOf(cluster, (passed) => {
    if (passed >= 60) cluster.boots["node-0"] = "a2";
    cluster.nodes["node-0"] = passed < 10 || passed >= 90;
    cluster.operators.etcd = { Progressing: passed >= 90 && passed < 120 ? "True" : "False" };
  });
  const events: string[] = [];
  await order.before("masters-0", "node-0");
  events.push("stopped 0");
  const second = order.before("masters-1", "node-1").then(() => events.push(`stopped 1 after ${seconds()} s`));
  await order.after("masters-0");
  events.push(`done 0 after ${seconds()} s`);
  await second;
  expect(events).toEqual(["stopped 0", "done 0 after 120 s", "stopped 1 after 120 s"]);
});

test("nothing is stopped that the control plane would not bear, and nothing after that", async () => {
  const cluster = whole();
  cluster.operators.etcd = { Degraded: "True" };
  const { order, seconds } = orderOf(cluster);
  const first = order.before("masters-0", "node-0");
  const second = order.before("masters-1", "node-1");
  await expect(first).rejects.toThrow(/^masters-0 was not stopped, because the control plane would not bear it: .*etcd has Degraded True/);
  await expect(second).rejects.toThrow(/^masters-1 was not stopped, because masters-0 was not stopped/);
  expect(seconds()).toBeGreaterThanOrEqual(20 * 60);
});

test("a machine that doesn't come back keeps the others from being stopped", async () => {
  const cluster = whole();
  const { order } = orderOf(cluster, () => (cluster.nodes["node-0"] = false));
  await order.before("masters-0", "node-0");
  const second = order.before("masters-1", "node-1");
  await expect(order.after("masters-0")).rejects.toThrow(
    "masters-0 was stopped and started, and 20 minutes later node-0 has not booted anew. See its console's log",
  );
  await expect(second).rejects.toThrow("masters-1 was not stopped, because masters-0 was stopped and started, and 20 minutes later");
});

test("one that AWS refuses to change, too", async () => {
  const { order } = orderOf(whole());
  await order.before("masters-0", "node-0");
  const second = order.before("masters-1", "node-1");
  order.failed("masters-0");
  await expect(second).rejects.toThrow("masters-1 was not stopped, because masters-0 could not be changed");
});

test("a cluster that gives no answer has nothing to protect: its machines are changed, one after the other, with a warning", async () => {
  const cluster = { ...whole(), answers: false };
  const { order, warnings, seconds } = orderOf(cluster);
  await order.before("masters-0", "node-0");
  expect(seconds()).toBeGreaterThanOrEqual(120);
  expect(warnings).toEqual([
    "the cluster's API gives no answer (connect ECONNREFUSED): masters-0 is changed all the same, and nothing is waited for",
  ]);
  await order.after("masters-0");
  expect(seconds()).toBeLessThan(200);
});

test("what isn't stopped waits for nothing", async () => {
  const { order, seconds } = orderOf({ ...whole(), answers: false });
  await order.after("masters-0");
  expect(seconds()).toBe(0);
});
