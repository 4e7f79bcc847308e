/** The wait for Loki and the collectors. The texts of conditions are those of their operators. */
import { type LoggingRequest, waitForLogging } from "../../../../steps/logging/wait";
import { forwarderVerdict, lokiVerdict } from "../../../../steps/logging/verdict";

const timeouts = { total: 0.4, patience: 0.002, pause: 0.01 };
const request: LoggingRequest = { namespace: "openshift-logging", lokiStack: "logging-loki", forwarder: "okd-aws" };
const condition = (type: string, status: string, message = "", reason?: string) => ({
  type,
  status,
  message,
  ...(reason !== undefined && { reason }),
});
const withConditions = (...conditions: object[]) => ({ status: { conditions } }) as never;

const READY = withConditions(condition("Ready", "True"));
const REFUSED = withConditions(
  condition("Degraded", "True", "Missing object storage secret", "MissingObjectStorageSecret"),
  condition("Ready", "False"),
);

/** An API whose objects change with each look. The last answer stays. */
function apiWith(stacks: readonly unknown[], forwarders: readonly unknown[]) {
  const next = (answers: readonly unknown[]) => {
    let index = 0;
    return () => {
      const answer = answers[Math.min(index++, answers.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
  };
  const [stack, forwarder] = [next(stacks), next(forwarders)];
  const patches: [path: string, fields: object][] = [];
  return {
    patches,
    get: <T>(path: string) => (path.includes("lokistacks/logging-loki") ? stack() : forwarder()) as Promise<T | undefined>,
    patch: (path: string, fields: object) => {
      patches.push([path, fields]);
      return Promise.resolve();
    },
  };
}

const wait = (stacks: readonly unknown[], forwarders: readonly unknown[], say: (text: string) => void = () => undefined) =>
  waitForLogging(apiWith(stacks, forwarders), request, { timeouts, say });

test("ends when Loki and then the collectors have been ready in two looks", async () => {
  const said: string[] = [];
  const pending = {
    status: { conditions: [condition("Pending", "True")], components: { ingester: { Pending: ["logging-loki-ingester-0"] } } },
  };
  await wait([{}, pending, READY], [{}, READY], (text) => said.push(text));
  expect(said).toEqual([
    "waits until the Loki operator has seen the LokiStack",
    "waits for Loki's pods: logging-loki-ingester-0",
    "waits until the logging operator has seen the ClusterLogForwarder",
    "the collectors run",
  ]);
});

test("does not believe a first look, which may be from before the change", async () => {
  await expect(wait([READY], [READY, REFUSED_FORWARDER])).rejects.toThrow("not authorized to collect");
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

test("ends with the operator's reason if it goes on refusing", async () => {
  await expect(wait([REFUSED], [READY])).rejects.toThrow(
    "logging: the Loki operator refuses the LokiStack: Missing object storage secret (MissingObjectStorageSecret)",
  );
});

test("goes on if a refusal ends in time, and if the API does not answer for a moment", async () => {
  await wait([REFUSED, new Error("connection refused"), READY], [READY]);
});

test("makes the logging operator look again at a forwarder that it has refused", async () => {
  const api = apiWith([READY], [REFUSED_FORWARDER, READY]);
  await waitForLogging(api, request, { timeouts: { ...timeouts, patience: 1 } });
  expect(api.patches).toEqual([
    [
      "/apis/observability.openshift.io/v1/namespaces/openshift-logging/clusterlogforwarders/okd-aws",
      { metadata: { annotations: { "okd-aws/look-again": expect.any(String) as string } } },
    ],
  ]);
});

test("ends with the pods for which it waited when the time is over", async () => {
  const pending = {
    status: { conditions: [condition("Pending", "True")], components: { ingester: { Pending: ["logging-loki-ingester-0"] } } },
  };
  await expect(wait([pending], [READY])).rejects.toThrow(
    /did not run within .* minutes. Its last state: waits for Loki's pods: logging-loki-ingester-0/,
  );
});

test("looks only at the forwarder if there is no store", async () => {
  const { lokiStack: unused, ...forwarding } = request;
  expect(unused).toBe("logging-loki");
  await waitForLogging(apiWith([new Error("asked for Loki")], [READY]), forwarding, { timeouts });
});

test("a forwarder with an invalid output names the output and its problem", () => {
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

test("objects that somebody has deleted are a problem", () => {
  expect([lokiVerdict(undefined).state, forwarderVerdict(undefined).state]).toEqual(["stuck", "stuck"]);
});

test("failed pods are a problem that names them", () => {
  const failed = {
    status: {
      conditions: [condition("Failed", "True", "One or more LokiStack components failed")],
      components: { querier: { Failed: ["q-1"] } },
    },
  };
  expect(lokiVerdict(failed)).toMatchObject({ state: "stuck", text: "One or more LokiStack components failed: q-1" });
});
