import { RefusedByApi } from "../../../../lib/kubernetes/client";
import { type ControlPlaneClient, controlPlaneObstacle } from "../../../../steps/nodes/control-plane";
import { OneByOne } from "../../../../steps/nodes/control-plane-gate";
import { stoppedClock } from "../../lib/stopped-clock";

const start = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000);

interface Cluster {
  /** Whether each node is ready. */
  nodes: Record<string, boolean>;
  /** The time at which each node's etcd and API server were started; null if these are not ready. */
  pods: Record<string, Date | null>;
  /** By operator: the conditions that differ from those of a healthy operator. */
  operators: Record<string, Partial<Record<"Available" | "Degraded" | "Progressing", string>>>;
  error?: Error;
}

const whole = (): Cluster => ({
  nodes: { "node-0": true, "node-1": true, "node-2": true },
  pods: { "node-0": at(-1000), "node-1": at(-1000), "node-2": at(-1000) },
  operators: {},
});

function clientOf(cluster: Cluster): ControlPlaneClient {
  const answer = <T>(make: () => T) => (cluster.error === undefined ? Promise.resolve(make()) : Promise.reject(cluster.error));
  const node = (name: string) => ({
    metadata: { name },
    spec: { providerID: `aws:///us-east-1a/i-${name.at(-1)}` },
    status: { conditions: [{ type: "Ready", status: cluster.nodes[name] ? "True" : "Unknown" }] },
  });
  const pod = ([nodeName, startedAt]: [string, Date | null]) => ({
    metadata: { name: `etcd-${nodeName}` },
    spec: { nodeName },
    status: {
      conditions: [{ type: "Ready", status: startedAt === null ? "False" : "True" }],
      containerStatuses: [{ state: { running: { startedAt: startedAt?.toISOString() } } }],
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
    list: (path: string) =>
      answer<unknown>(() => (path.includes("/pods") ? Object.entries(cluster.pods).map(pod) : Object.keys(cluster.nodes).map(node))),
    get: (path: string) => answer(() => operator(path.split("/").at(-1) ?? "")),
  } as unknown as ControlPlaneClient;
}

/** The order of the rolling resize for this cluster. Time passes only while the order waits; then `meanwhile` is called. */
function orderOf(cluster: Cluster, meanwhile: (seconds: number) => void = (): void => undefined, isServed = false) {
  const warnings: string[] = [];
  const stopped = stoppedClock(start);
  const seconds = () => (stopped.now() - start) / 1000;
  const clock = {
    now: () => stopped.now(),
    pause: async (milliseconds: number) => {
      await stopped.pause(milliseconds);
      meanwhile(seconds());
    },
  };
  const order = new OneByOne({
    client: () => Promise.resolve(clientOf(cluster)),
    isServed: () => Promise.resolve(isServed),
    warn: (text) => warnings.push(text),
    clock,
  });
  return { order, warnings, seconds };
}

const silence = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const cases: readonly (readonly [string, Partial<Cluster>, string | undefined])[] = [
  ["is complete", {}, undefined],
  ["has a node that isn't ready", { nodes: { "node-0": true, "node-1": false } }, "node-1 is not ready"],
  ["has an etcd that isn't ready", { pods: { ...whole().pods, "node-2": null } }, "etcd on node-2 is not ready"],
  ["lacks an etcd", { pods: { "node-0": at(0), "node-1": at(0) } }, "etcd on node-2 is not ready"],
  [
    "has a degraded etcd",
    { operators: { etcd: { Degraded: "True" } } },
    "the cluster operator etcd has Degraded True: Degraded for a reason",
  ],
  [
    "is rolling out its API server",
    { operators: { "kube-apiserver": { Progressing: "True" } } },
    "the cluster operator kube-apiserver has Progressing True: Progressing for a reason",
  ],
];
test.each(cases)("a control plane that %s", async (_, change, obstacle) => {
  expect(await controlPlaneObstacle(clientOf({ ...whole(), ...change }))).toBe(obstacle);
});

test("a control plane node's etcd is ready only if it was started after the node's restart", async () => {
  const look = (seconds: number, machine = "i-0") =>
    controlPlaneObstacle(clientOf(whole()), { machine, node: `node-${machine.at(-1)}.ec2.internal`, at: at(seconds) });
  expect(await look(-2000)).toBeUndefined();
  expect(await look(-10)).toBe("etcd on node-0 is not ready");
  expect(await look(0, "i-7")).toBe("the instance i-7 is not a control plane node");
});

const member = { name: "master-0", identity: { machine: "i-0", node: "node-0.ec2.internal" } };

test("the resize of an instance ends when its etcd has started again and the control plane has been complete for a minute", async () => {
  const cluster = whole();
  const { order, seconds } = orderOf(cluster, (passed) => {
    if (passed >= 60) cluster.pods["node-0"] = at(55);
    cluster.nodes["node-0"] = passed < 10 || passed >= 90;
    // Between 90 s and 120 s the control plane is complete. That is too short.
    cluster.operators.etcd = { Progressing: passed >= 120 && passed < 150 ? "True" : "False" };
  });
  await order.before(member);
  expect(seconds()).toBe(0);
  await order.after(member, at(30));
  expect(seconds()).toBe(150 + 60);
});

test("an instance is stopped as soon as the operators have settled", async () => {
  const cluster = whole();
  cluster.operators["kube-apiserver"] = { Progressing: "True" };
  const { order, seconds } = orderOf(cluster, (passed) => {
    if (passed >= 300) cluster.operators = {};
  });
  await order.before(member);
  expect(seconds()).toBe(300);
});

test.each([
  ["is degraded", { operators: { etcd: { Degraded: "True" } } }, "the cluster operator etcd has Degraded True"],
  [
    "refuses the request",
    { error: new RefusedByApi(403, "GET /api/v1/nodes: 403 forbidden") },
    "the API refuses the request: GET /api/v1/nodes: 403",
  ],
  [
    "has a certificate that is not trusted",
    { error: Object.assign(new Error("self-signed certificate"), { code: "SELF_SIGNED_CERT_IN_CHAIN" }) },
    "the API refuses the request: self-signed",
  ],
])("an instance is not stopped if the control plane %s", async (_, change: Partial<Cluster>, obstacle) => {
  const { order, seconds } = orderOf({ ...whole(), ...change });
  await expect(order.before(member)).rejects.toThrow(
    `master-0 was not stopped, because the control plane can't go on without it: ${obstacle}`,
  );
  expect(seconds()).toBeGreaterThanOrEqual(20 * 60);
});

test.each([
  [silence, "connect ECONNREFUSED"],
  [new RefusedByApi(502, "GET /api/v1/nodes: 502 no way there", false), "GET /api/v1/nodes: 502 no way there"],
])("an instance is not stopped if this machine cannot reach the API although the API works", async (error, reason) => {
  const { order, seconds } = orderOf({ ...whole(), error }, undefined, true);
  await expect(order.before(member)).rejects.toThrow(
    `master-0 was not stopped, because the cluster's API can't be reached from this machine (${reason}), although its load balancer has healthy targets`,
  );
  expect(seconds()).toBe(120);
});

test("the resize waits without a warning if the API does not answer for a minute", async () => {
  const cluster: Cluster = { ...whole(), error: silence };
  const { order, warnings } = orderOf(cluster, (passed) => {
    if (passed >= 60) delete cluster.error;
  });
  await order.before(member);
  expect(warnings).toEqual([]);
});

test("the resize fails with the reason if an instance does not become ready again", async () => {
  const cluster = whole();
  const { order } = orderOf(cluster);
  await expect(order.after(member, at(0))).rejects.toThrow(
    "master-0 was stopped and started, and 20 minutes later etcd on node-0 is not ready. See its console output",
  );
});

test("if the API stays silent for two minutes, the instances are changed anyway, with one warning", async () => {
  const { order, warnings, seconds } = orderOf({ ...whole(), error: silence });
  await order.before(member);
  await order.after(member, at(0));
  await order.before({ name: "master-1", identity: { machine: "i-1", node: "node-1.ec2.internal" } });
  expect(seconds()).toBe(120);
  expect(warnings).toEqual(["the cluster's API does not answer (connect ECONNREFUSED): master-0 is changed anyway, without waiting"]);
});
