/** The conditions of an IngressController. */
import { routerDeployment, type RouterDeployment } from "../../../../../sandbox/cluster/routers/router-deployment";
import { routerConditions, type RouterState } from "../../../../../sandbox/cluster/routers/router-status";
import type { RouterService } from "../../../../../sandbox/cluster/routers/router-service";
import { controller, facts } from "./small-router";

const available: RouterDeployment["status"] = {
  replicas: 2,
  updatedReplicas: 2,
  availableReplicas: 2,
  conditions: [{ type: "Available", status: "True" }],
};

function state(changes: Partial<RouterState> = {}, status: RouterDeployment["status"] = available): RouterState {
  const service: RouterService = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "router-default" },
    spec: { ports: [] },
    status: { loadBalancer: { ingress: [{ hostname: "a.elb.amazonaws.com" }] } },
  };
  return {
    deployment: { ...routerDeployment(controller(), facts), status },
    pods: [],
    balanced: true,
    service,
    changed: [],
    records: { zones: true, managed: true, written: true },
    ...changes,
  };
}

const statuses = (...args: Parameters<typeof routerConditions>) =>
  Object.fromEntries(routerConditions(...args).map(({ type, status }) => [type, status]));
const messageOf = (type: string, ...args: Parameters<typeof routerConditions>) =>
  routerConditions(...args).find((one) => one.type === type)?.message;

test("a router is available when its Deployment, load balancer and DNS records are", () => {
  expect(statuses(state(), [])).toEqual({
    Admitted: "True",
    DeploymentAvailable: "True",
    DeploymentReplicasMinAvailable: "True",
    DeploymentReplicasAllAvailable: "True",
    DeploymentRollingOut: "False",
    LoadBalancerManaged: "True",
    LoadBalancerReady: "True",
    LoadBalancerProgressing: "False",
    DNSManaged: "True",
    DNSReady: "True",
    Available: "True",
    Progressing: "False",
    Degraded: "False",
  });
});

test("a router without a node waits with the scheduler's reason", () => {
  const pods = [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "router-default-1" },
      spec: {},
      status: { conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available." }] },
    },
  ];
  const none = {
    replicas: 2,
    updatedReplicas: 2,
    conditions: [{ type: "Available", status: "False", reason: "MinimumReplicasUnavailable" }],
  };
  const waiting = state({ pods }, none);
  expect(statuses(waiting, [])).toMatchObject({ DeploymentAvailable: "False", Available: "False", Progressing: "True", Degraded: "False" });
  expect(messageOf("DeploymentReplicasMinAvailable", waiting, [])).toBe(
    '0/2 of replicas are available, max unavailable is 1: Some pods are not scheduled: Pod "router-default-1" cannot be scheduled: 0/3 nodes are available. Make sure you have sufficient worker nodes.',
  );
});

test("a load balancer that can't be created makes the router unavailable, and degraded after 90 s", () => {
  const failed = state({ service: { ...(state().service as RouterService), status: {} }, failure: "could not find any suitable subnets" });
  const now = new Date("2026-01-01T00:00:00Z");
  const before = routerConditions(failed, [], now).map((one) => ({ ...one, lastTransitionTime: "2026-01-01T00:00:00Z" }));
  const after = (seconds: number) => statuses(failed, before, new Date(now.getTime() + seconds * 1000));
  expect(after(89)).toMatchObject({ LoadBalancerReady: "False", Available: "False", Degraded: "False" });
  expect(after(91)).toMatchObject({ LoadBalancerReady: "False", Available: "False", Degraded: "True" });
  expect(messageOf("Available", failed, [])).toContain("SyncLoadBalancerFailed events like: could not find any suitable subnets");
});

test("DNS records that can't be written make the router unavailable, and unmanaged records do not matter", () => {
  const records = { zones: true, managed: true, written: false, problem: "AccessDenied" };
  expect(statuses(state({ records }), [])).toMatchObject({ DNSReady: "False", Available: "False" });
  expect(statuses(state({ records: { ...records, managed: false } }), [])).toMatchObject({ DNSReady: "Unknown", Available: "True" });
});

test("a changed type of the load balancer is in progress until the Service is deleted", () => {
  expect(statuses(state({ changed: ["type"] }), [])).toMatchObject({
    LoadBalancerProgressing: "True",
    Progressing: "True",
    Available: "True",
  });
});

test("a router without a load balancer needs only its Deployment", () => {
  expect(statuses(state({ balanced: false, service: undefined }), [])).toMatchObject({
    LoadBalancerManaged: "False",
    DNSManaged: "False",
    Available: "True",
  });
});
