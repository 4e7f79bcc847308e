/** The wait for Loki and the collectors. The texts of conditions are those of their operators. */
import { type LoggingRequest, waitForLogging } from "../../../../steps/logging/wait";
import { collectorsVerdict, forwarderVerdict, lokiVerdict } from "../../../../steps/logging/verdict";

const timeouts = { total: 0.4, patience: 0.002, pause: 0.01, settle: 0.015 };
const request: LoggingRequest = { namespace: "openshift-logging", lokiStack: "logging-loki", forwarder: "okd-aws" };
const condition = (type: string, status: string, message = "", reason?: string) => ({
  type,
  status,
  message,
  ...(reason !== undefined && { reason }),
});
const withConditions = (...conditions: object[]) => ({ status: { conditions } }) as never;

const READY = withConditions(condition("Ready", "True"));
const COMPONENTS = ["compactor", "distributor", "gateway", "indexGateway", "ingester", "querier", "queryFrontend"];
const podsIn = (state: string, names = COMPONENTS) =>
  Object.fromEntries(names.map((name) => [name, { [state]: [`logging-loki-${name}-0`] }]));
const lokiReady = (components: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>) => ({
  status: { conditions: [condition("Ready", "True")], components },
});
const LOKI_READY = lokiReady(podsIn("Ready"));
const collectors = (numberReady: number) => ({
  metadata: { generation: 2 },
  status: { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady },
});
const REFUSED = withConditions(
  condition("Degraded", "True", "Missing object storage secret", "MissingObjectStorageSecret"),
  condition("Ready", "False"),
);

/** An API that gives these answers, one for each look; later looks get the last one. */
function apiWith(
  stacks: readonly unknown[],
  forwarders: readonly unknown[],
  sets: readonly unknown[] = [collectors(2)],
  pods: readonly unknown[] = [],
) {
  const next = (answers: readonly unknown[]) => {
    let index = 0;
    return () => {
      const answer = answers[Math.min(index++, answers.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
  };
  const [stack, forwarder, set] = [next(stacks), next(forwarders), next(sets)];
  const answerTo = (path: string) => {
    if (path.includes("lokistacks/logging-loki")) return stack();
    return path.includes("daemonsets/okd-aws") ? set() : forwarder();
  };
  const patches: [path: string, fields: object][] = [];
  return {
    patches,
    get: <T>(path: string) => answerTo(path) as Promise<T | undefined>,
    list: <T>() => Promise.resolve(pods as readonly T[]),
    patch: (path: string, fields: object) => {
      patches.push([path, fields]);
      return Promise.resolve();
    },
  };
}

const wait = (stacks: readonly unknown[], forwarders: readonly unknown[], say: (text: string) => void = () => undefined) =>
  waitForLogging(apiWith(stacks, forwarders), request, { timeouts, say });

test("the wait for logging ends when Loki and then the collectors have stayed ready for a while", async () => {
  const said: string[] = [];
  const pending = {
    status: { conditions: [condition("Pending", "True")], components: { ingester: { Pending: ["logging-loki-ingester-0"] } } },
  };
  const api = apiWith([{}, pending, LOKI_READY], [{}, READY], [undefined, collectors(1), collectors(2)]);
  await waitForLogging(api, request, { timeouts, say: (text) => said.push(text) });
  expect(said).toEqual([
    "waits until the Loki operator has seen the LokiStack",
    "waits for Loki's pods: logging-loki-ingester-0",
    "waits until the logging operator has seen the ClusterLogForwarder",
    "waits until the collectors are created",
    "waits for the collectors: 1 of 2 run",
    "the collectors run on 2 nodes",
  ]);
});

test("the wait for logging does not end at the first ready state, because that may be from before the change", async () => {
  await expect(wait([LOKI_READY], [READY, REFUSED_FORWARDER])).rejects.toThrow("not authorized to collect");
});

const REFUSED_FORWARDER = withConditions(
  condition(
    "observability.openshift.io/Authorized",
    "False",
    'insufficient permissions on service account, not authorized to collect ["audit"] logs',
    "ClusterRoleMissing",
  ),
  condition("Ready", "False", "collector not ready", "ValidationFailure"),
);

test("the wait for logging fails with the operator's reason if the operator keeps refusing", async () => {
  await expect(wait([REFUSED], [READY])).rejects.toThrow(
    "logging: the Loki operator refuses the LokiStack: Missing object storage secret (MissingObjectStorageSecret)",
  );
});

test("the wait for logging continues if a refusal ends in time, and if one request to the API fails", async () => {
  await wait([REFUSED, new Error("connection refused"), LOKI_READY], [READY]);
});

test("the wait for logging makes the logging operator read the forwarder at the beginning, and again after each refusal", async () => {
  const api = apiWith([LOKI_READY], [REFUSED_FORWARDER, REFUSED_FORWARDER, REFUSED_FORWARDER, REFUSED_FORWARDER, READY]);
  await waitForLogging(api, request, { timeouts: { ...timeouts, patience: 0.002 } });
  const look = [
    "/apis/observability.openshift.io/v1/namespaces/openshift-logging/clusterlogforwarders/okd-aws",
    { metadata: { annotations: { "okd-aws/look-again": expect.any(String) as string } } },
  ];
  expect(api.patches.length).toBeGreaterThan(1);
  expect(api.patches).toEqual(api.patches.map(() => look));
  const accepted = apiWith([LOKI_READY], [READY]);
  await waitForLogging(accepted, request, { timeouts });
  expect(accepted.patches).toEqual([look]);
});

test("the wait for logging fails after its time limit, and the error names the pods that did not run", async () => {
  const pending = {
    status: { conditions: [condition("Pending", "True")], components: { ingester: { Pending: ["logging-loki-ingester-0"] } } },
  };
  await expect(wait([pending], [READY])).rejects.toThrow(
    /did not run within .* minutes. Its last state: waits for Loki's pods: logging-loki-ingester-0/,
  );
});

test("the wait for logging reads only the forwarder if there is no Loki", async () => {
  const { lokiStack: unused, ...forwarding } = request;
  expect(unused).toBe("logging-loki");
  await waitForLogging(apiWith([new Error("asked for Loki")], [READY]), forwarding, { timeouts });
});

test("the verdict on a forwarder with an invalid output has the output and its problem", () => {
  const outputConditions = [
    condition("observability.openshift.io/ValidOutput-siem", "False", "secret[okd-aws-log-outputs.siem.token] not found"),
    condition("observability.openshift.io/ValidOutput-loki", "True"),
  ];
  const { state, text } = forwarderVerdict({ status: { conditions: [condition("Ready", "False")], outputConditions } });
  expect([state, text]).toEqual([
    "stuck",
    "the logging operator refuses the forwarder: ValidOutput-siem: secret[okd-aws-log-outputs.siem.token] not found",
  ]);
});

test("a LokiStack or a forwarder that somebody has deleted is a problem", () => {
  expect([lokiVerdict(undefined).state, forwarderVerdict(undefined).state]).toEqual(["stuck", "stuck"]);
});

test("failed pods of Loki are a problem, and its text names them", () => {
  const failed = {
    status: {
      conditions: [condition("Failed", "True", "One or more LokiStack components failed")],
      components: { querier: { Failed: ["q-1"] } },
    },
  };
  expect(lokiVerdict(failed)).toMatchObject({ state: "stuck", text: "One or more LokiStack components failed: q-1" });
});

test("Loki does not run while one of its components has no ready pod, although the operator says so", () => {
  const withoutPods = Object.fromEntries(COMPONENTS.map((name) => [name, { Failed: [], Pending: [], Running: [], Ready: [] }]));
  expect(lokiVerdict(lokiReady(withoutPods))).toMatchObject({
    state: "waiting",
    text: `waits for pods of Loki's ${COMPONENTS.join(", ")}`,
  });
  expect(lokiVerdict(lokiReady(podsIn("Ready", COMPONENTS.slice(1))))).toMatchObject({
    state: "waiting",
    text: "waits for pods of Loki's compactor",
  });
  expect(lokiVerdict(LOKI_READY).state).toBe("ready");
});

test("the verdict on the collectors names the nodes on which no collector runs", async () => {
  const pod = (name: string, nodeName: string, status: string) => ({
    metadata: { name },
    spec: { nodeName },
    status: { conditions: [condition("Ready", status)] },
  });
  const api = apiWith([LOKI_READY], [READY], [collectors(1)], [pod("okd-aws-1", "node-1", "True"), pod("okd-aws-2", "node-2", "False")]);
  await expect(waitForLogging(api, request, { timeouts })).rejects.toThrow(
    "Its last state: waits for the collectors: 1 of 2 run, but not okd-aws-2 on node-2",
  );
});

test("collectors of an earlier generation or without a node are not taken as ready", () => {
  const old = { ...collectors(2), metadata: { generation: 3 } };
  const nowhere = { metadata: { generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 0, numberReady: 0 } };
  expect([old, nowhere].map((set) => collectorsVerdict(set, []).state)).toEqual(["waiting", "waiting"]);
});

test("the logging operator does not read a forwarder again by itself after a failed initialization", () => {
  const failed = withConditions(condition("Ready", "False", "timeout", "InitializationFailed"));
  expect(forwarderVerdict(failed)).toMatchObject({ state: "stuck", asleep: true });
});
