import type { Api, KubeObject } from "@okd-aws/sandbox/cluster/api-server";
import { EckStandIn } from "@okd-aws/sandbox/cluster/eck-stand-in";

const OPERATOR = {
  metadata: { name: "elastic-operator", namespace: "elastic-logging" },
  spec: { template: { metadata: {}, spec: { serviceAccountName: "elastic-operator" } } },
  status: { conditions: [{ type: "Available", status: "True" }] },
};

/** The status that the stand-in reports for an Elasticsearch cluster with three pods. `allowed`: the operator may read nodes. */
async function reported(annotations: Record<string, string>, allowed: boolean): Promise<object | undefined> {
  const search = {
    apiVersion: "elasticsearch.k8s.elastic.co/v1",
    kind: "Elasticsearch",
    metadata: { name: "logs", namespace: "elastic-logging", generation: 1, annotations },
    spec: { version: "9.4.3", nodeSets: [{ name: "default", count: 3 }] },
  };
  let status: object | undefined;
  const asked: unknown[] = [];
  const api: Partial<Api> = {
    list: async <T>(path: string) =>
      Promise.resolve((path.includes("/deployments") ? [OPERATOR] : path.endsWith("/elasticsearches") ? [search] : []) as T[]),
    get: async <T extends KubeObject>(path: string): Promise<T | undefined> =>
      Promise.resolve((path.includes("/statefulsets/") ? { status: { readyReplicas: 3 } } : {}) as unknown as T),
    apply: async () => Promise.resolve(),
    create: async () => Promise.resolve(),
    send: async <Answer>(_method: string, _path: string, body?: unknown) => {
      asked.push((body as { spec: { user: string } }).spec.user);
      return Promise.resolve({ status: { allowed } } as Answer);
    },
    patchStatus: async (_path, next) => Promise.resolve(void (status = next)),
  };
  await new EckStandIn(api as Api).advance();
  expect(new Set(asked)).toEqual(new Set(["system:serviceaccount:elastic-logging:elastic-operator"]));
  return status;
}

const ZONE = { "eck.k8s.elastic.co/downward-node-labels": "topology.kubernetes.io/zone" };

test("pods that wait for a label of their node never start if the operator may not read nodes", async () => {
  expect(await reported(ZONE, false)).toMatchObject({ phase: "ApplyingChanges", availableNodes: 0, health: "unknown" });
  expect(await reported(ZONE, true)).toMatchObject({ phase: "Ready", availableNodes: 3 });
  expect(await reported({}, false)).toMatchObject({ phase: "Ready", availableNodes: 3 });
});
