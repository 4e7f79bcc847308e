/** The wait for Grafana's new pod. */
import { waitForGrafana } from "../../../../steps/grafana/rollout";
import { stoppedClock } from "../../lib/stopped-clock";

const GRAFANA = "/apis/grafana.integreatly.org/v1beta1/namespaces/grafana-operator/grafanas/grafana";
const DEPLOYMENT = "/apis/apps/v1/namespaces/grafana-operator/deployments/grafana-deployment";

const instance = (observedGeneration = 2, status = "True") => ({
  metadata: { name: "grafana", generation: 2 },
  status: { lastMessage: "", conditions: [{ type: "GrafanaReady", status, observedGeneration }] },
});
const deployment = (status: object = {}) => ({
  metadata: { name: "grafana-deployment", generation: 5 },
  spec: { replicas: 1 },
  status: { observedGeneration: 5, replicas: 1, updatedReplicas: 1, availableReplicas: 1, ...status },
});
const pods = [
  { metadata: { name: "grafana-1" }, status: { containerStatuses: [{ state: { running: {} } }] } },
  {
    metadata: { name: "grafana-2" },
    status: { containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } } }] },
  },
];

/** Runs the wait. Each look reads the next pair of Grafana and Deployment; later looks read the last pair. */
async function wait(...pairs: readonly (readonly [grafana: object | undefined, deployment: object | undefined])[]) {
  const said: string[] = [];
  let turn = -1;
  const current = () => pairs[Math.min(turn, pairs.length - 1)];
  const client = {
    get: <T>(path: string) => {
      if (path === GRAFANA) turn += 1;
      return Promise.resolve((path === GRAFANA ? current()[0] : path === DEPLOYMENT ? current()[1] : undefined) as T | undefined);
    },
    list: <T>(path: string) => {
      expect(path).toBe("/api/v1/namespaces/grafana-operator/pods?labelSelector=app%3Dgrafana");
      return Promise.resolve(pods as readonly unknown[] as readonly T[]);
    },
  };
  await waitForGrafana({ client, say: (text) => said.push(text), clock: stoppedClock(0) });
  return said;
}

test("the wait for Grafana ends when only pods with the new settings run", async () => {
  expect(await wait([instance(), deployment()])).toEqual([]);
});

test.each<[string, object, object]>([
  ["the operator has not seen the new settings", instance(1), deployment()],
  ["the operator reports an error", instance(2, "False"), deployment()],
  ["Kubernetes has not seen the new template", instance(), deployment({ observedGeneration: 4 })],
  ["the new pod does not exist", instance(), deployment({ updatedReplicas: 0 })],
  ["the old pod answers beside a new one that does not start", instance(), deployment({ replicas: 2 })],
  ["the only pod is not available", instance(), deployment({ availableReplicas: 0 })],
])("the wait for Grafana continues while %s", async (_, before, beforeDeployment) => {
  expect(await wait([before, beforeDeployment], [before, beforeDeployment], [instance(), deployment()])).toHaveLength(1);
});

test("the wait for Grafana fails with the pod's reason when Kubernetes gives up, although the old pod answers", async () => {
  const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
  await expect(wait([instance(), deployment({ replicas: 2, conditions })])).rejects.toThrow(
    /not started in time; grafana-2: ImagePullBackOff Back-off pulling image\. .*grafanaImage/,
  );
});

test("the wait for Grafana fails after 15 minutes if neither the operator nor Kubernetes gives up", async () => {
  await expect(wait([instance(1), deployment()])).rejects.toThrow("the operator is not done: no message");
});

test("the wait for Grafana fails at once if somebody has deleted the Grafana object", async () => {
  await expect(wait([undefined, undefined])).rejects.toThrow("the Grafana does not exist");
});
