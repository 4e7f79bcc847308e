/** The Deployment of a router. */
import { routerDeployment } from "../../../../../sandbox/cluster/routers/router-deployment";
import { controller, facts } from "./small-router";

interface Pod {
  nodeSelector: object;
  tolerations: object[];
  hostNetwork?: boolean;
  affinity: { podAntiAffinity?: object; nodeAffinity?: object };
  containers: { ports: { hostPort?: number }[] }[];
}

function podOf(...[of, about = facts]: Partial<Parameters<typeof routerDeployment>>): Pod {
  const { spec } = routerDeployment(of ?? controller(), about) as unknown as { spec: { template: { spec: Pod } } };
  return spec.template.spec;
}

const replicasOf = (...args: Parameters<typeof routerDeployment>) => routerDeployment(...args).spec.replicas;

test("a router has as many pods as the IngressController says, by default two, or one if only one node runs workloads", () => {
  expect(replicasOf(controller(), facts)).toBe(2);
  expect(replicasOf(controller(), { ...facts, singleReplica: true })).toBe(1);
  expect(replicasOf(controller({ replicas: 3 }), facts)).toBe(3);
});

test("a router runs on the workers, or on the nodes that the IngressController selects", () => {
  expect(podOf().nodeSelector).toEqual({ "kubernetes.io/os": "linux", "node-role.kubernetes.io/worker": "" });
  const infra = { nodeSelector: { matchLabels: { "node-role.kubernetes.io/infra": "" } }, tolerations: [{ operator: "Exists" }] };
  expect(podOf(controller({ nodePlacement: infra }))).toMatchObject({
    nodeSelector: { "node-role.kubernetes.io/infra": "" },
    tolerations: [{ operator: "Exists" }],
  });
  const onMasters = podOf(controller(), { ...facts, placement: "ControlPlane" });
  expect(onMasters.nodeSelector).toEqual({ "kubernetes.io/os": "linux", "node-role.kubernetes.io/master": "" });
});

test("two pods of a router don't share a node; a single replica and host networking need no such rule", () => {
  expect(podOf().affinity.podAntiAffinity).toBeDefined();
  expect(podOf(controller(), { ...facts, singleReplica: true }).affinity.podAntiAffinity).toBeUndefined();
  const onHost = podOf(controller({ endpointPublishingStrategy: { type: "HostNetwork" } }));
  expect(onHost.affinity.podAntiAffinity).toBeUndefined();
  expect(onHost.hostNetwork).toBe(true);
  expect(onHost.containers[0].ports.map(({ hostPort }) => hostPort)).toEqual([80, 443, 1936]);
});

test("pods with a changed placement have another label for the anti-affinity, so that they may share a node with the old pods", () => {
  const labels = (of: Parameters<typeof routerDeployment>[0]) =>
    (routerDeployment(of, facts) as unknown as { spec: { template: { metadata: { labels: object } } } }).spec.template.metadata.labels;
  expect(labels(controller({ replicas: 3 }))).toEqual(labels(controller()));
  expect(labels(controller({ nodePlacement: { tolerations: [] } }))).not.toEqual(labels(controller()));
});
