import { healthOf } from "../../../../steps/elastic/health";
import { waitForElastic } from "../../../../steps/elastic/wait";

const REQUEST = {
  namespace: "elastic-logging",
  resources: [
    { api: "elasticsearch.k8s.elastic.co/v1", plural: "elasticsearches", name: "logs" },
    { api: "beat.k8s.elastic.co/v1beta1", plural: "beats", name: "audit" },
  ],
  digest: "0",
};
const READY = { observedGeneration: 1, health: "green", version: "9.4.3" };

const search = (status: object) => ({
  kind: "Elasticsearch",
  metadata: { name: "logs", generation: 1 },
  spec: { version: "9.4.3" },
  status: { ...READY, phase: "Ready", availableNodes: 3, ...status },
});
const beat = (status: object) => ({
  kind: "Beat",
  metadata: { name: "audit", generation: 1 },
  spec: { version: "9.4.3" },
  status: { ...READY, expectedNodes: 6, availableNodes: 6, ...status },
});

/** A cluster whose resources have these states, one for each look; later looks get the last one. `lists` are further objects. */
function cluster(states: readonly (readonly (object | undefined)[])[], lists: Readonly<Record<string, readonly object[]>> = {}) {
  let now = 0;
  let read = 0;
  const said: string[] = [];
  const wait = {
    client: {
      get: async <T>(path: string) => {
        const index = path.includes("elasticsearches") ? 0 : 1;
        const state = states[Math.min(Math.floor(read++ / 2), states.length - 1)];
        return Promise.resolve(state[index] as T | undefined);
      },
      list: async <T>(path: string) => Promise.resolve((lists[path.split("/").at(-1) ?? ""] ?? []) as readonly T[]),
    },
    say: (text: string) => void said.push(text),
    clock: { now: () => now, pause: async (ms: number) => Promise.resolve(void (now += ms)) },
  };
  return { wait, said, minutes: () => Math.round(now / 60_000) };
}

const failure = (run: ReturnType<typeof cluster>) =>
  waitForElastic(REQUEST, run.wait).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );

test("the wait for Elasticsearch ends when all resources are healthy, and prints each state once", async () => {
  const run = cluster([
    [search({ observedGeneration: 0 }), beat({ observedGeneration: 0 })],
    [search({ phase: "ApplyingChanges", health: "unknown", availableNodes: 1 }), beat({ health: "red", availableNodes: 0 })],
    [search({ phase: "ApplyingChanges", health: "unknown", availableNodes: 1 }), beat({ health: "red", availableNodes: 0 })],
    [search({}), beat({ health: "yellow", availableNodes: 5 })],
    [search({}), beat({})],
  ]);
  await waitForElastic(REQUEST, run.wait);
  expect(run.said).toEqual([
    "Elasticsearch/logs: the operator has not seen it yet; Beat/audit: the operator has not seen it yet",
    "Elasticsearch/logs: phase ApplyingChanges, health unknown, 1 nodes; Beat/audit: health red, 0 of 6 pods",
    "Beat/audit: health yellow, 5 of 6 pods",
  ]);
});

test("the wait for Elasticsearch fails after half an hour, and the error has the operator's warnings and the pods that do not run", async () => {
  const run = cluster([[search({ phase: "ApplyingChanges", health: "unknown", availableNodes: 2 }), beat({})]], {
    events: [
      {
        type: "Warning",
        message: "Certificate reconciliation error",
        involvedObject: { kind: "Kibana", name: "logs" },
        metadata: { name: "1" },
        lastTimestamp: "2026-01-01T00:00:00Z",
      },
      { type: "Warning", message: "probe failed", involvedObject: { kind: "Pod", name: "x" }, metadata: { name: "2" } },
    ],
    pods: [
      {
        metadata: { name: "logs-es-default-2" },
        status: { conditions: [{ type: "PodScheduled", status: "False", message: "0/6 nodes are available" }] },
      },
      {
        metadata: { name: "audit-beat-filebeat-x" },
        status: { containerStatuses: [{ name: "filebeat", state: { waiting: { reason: "ImagePullBackOff", message: "unauthorized" } } }] },
      },
      {
        metadata: { name: "logs-es-default-0" },
        status: {
          initContainerStatuses: [
            { name: "elastic-internal-init-filesystem", state: { running: { startedAt: "1970-01-01T00:00:00Z" } } },
            { name: "young", state: { running: { startedAt: "1970-01-01T00:29:00Z" } } },
          ],
        },
      },
      {
        metadata: { name: "logs-kb-1" },
        status: { containerStatuses: [{ name: "kibana", state: { waiting: { reason: "ContainerCreating" } } }] },
      },
    ],
  });
  expect(await failure(run)).toBe(
    [
      "Not healthy after 30 minutes: Elasticsearch/logs: phase ApplyingChanges, health unknown, 2 nodes.",
      "- Kibana/logs: Certificate reconciliation error",
      "- pod logs-es-default-2 has no node: 0/6 nodes are available",
      "- container filebeat of pod audit-beat-filebeat-x: ImagePullBackOff unauthorized",
      "- init container elastic-internal-init-filesystem of pod logs-es-default-0 has been running for 30 minutes",
      "oc get elasticsearch,kibana,beat,pods -n elastic-logging shows more. Run the command again to go on waiting.",
    ].join("\n"),
  );
  expect(run.minutes()).toBe(30);
});

test("the wait for Elasticsearch fails at once if the operator refuses a resource", async () => {
  const run = cluster([[search({ phase: "Invalid" }), beat({})]]);
  expect(await failure(run)).toContain("The operator refuses the resource Elasticsearch/logs: phase Invalid, health green, 3 nodes.");
  expect(run.minutes()).toBe(0);
});

test("the wait for Elasticsearch fails if somebody deletes a resource", async () => {
  expect(await failure(cluster([[search({}), undefined]]))).toContain("beats elastic-logging/audit has been deleted");
});

test("Elasticsearch counts as healthy with missing replicas (yellow), and not with missing primary shards (red)", () => {
  expect(["green", "yellow", "red"].map((health) => healthOf(search({ health })).state)).toEqual(["ready", "ready", "waiting"]);
});

test("a Kibana is healthy when all its pods run", () => {
  const kibana = (availableNodes: number) => ({
    kind: "Kibana",
    metadata: { name: "logs", generation: 1 },
    spec: { count: 2, version: "9.4.3" },
    status: { ...READY, availableNodes },
  });
  expect([1, 2].map((pods) => healthOf(kibana(pods)).state)).toEqual(["waiting", "ready"]);
});

test("old pods of an older version are not healthy, although the operator reports them as green", () => {
  expect(healthOf(beat({ version: "9.4.2" }))).toEqual({
    state: "waiting",
    text: "Beat/audit: health green, 6 of 6 pods, version 9.4.2 and not yet 9.4.3",
  });
  expect(healthOf(search({ version: "9.4.2" })).state).toBe("waiting");
});

test("the wait for Elasticsearch continues while a Filebeat is green but its DaemonSet has old pods", async () => {
  const daemonSet = (generation: number, updatedNumberScheduled: number) => ({
    kind: "DaemonSet",
    metadata: { name: "audit-beat-filebeat", generation: 2 },
    status: { observedGeneration: generation, desiredNumberScheduled: 6, updatedNumberScheduled, numberReady: 6 },
  });
  const rollout = [undefined, daemonSet(1, 6), daemonSet(2, 0), daemonSet(2, 6)];
  const said: string[] = [];
  let now = 0;
  await waitForElastic(
    { ...REQUEST, resources: [{ ...REQUEST.resources[1], workload: "daemonsets/audit-beat-filebeat" }] },
    {
      client: {
        get: async <T>(path: string) => Promise.resolve((path.includes("/apps/v1/") ? rollout.shift() : beat({})) as T | undefined),
        list: async () => Promise.resolve([]),
      },
      say: (text) => void said.push(text),
      clock: { now: () => now, pause: async (ms) => Promise.resolve(void (now += ms)) },
    },
  );
  expect(said).toEqual([
    "Beat/audit: has no pods yet",
    "Beat/audit: its pods are not being replaced yet",
    "Beat/audit: 0 of 6 pods are updated",
  ]);
});
