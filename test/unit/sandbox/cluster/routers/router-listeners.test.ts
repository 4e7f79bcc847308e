/** The ports on which nodes answer for routers. */
import { routerLabel } from "../../../../../sandbox/cluster/routers/ingress-controller";
import { routerListens, type RouterPod } from "../../../../../sandbox/cluster/routers/router-listeners";
import type { RouterService } from "../../../../../sandbox/cluster/routers/router-service";

const service: RouterService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "router-default" },
  spec: { ports: [{ port: 443, nodePort: 30443 }], healthCheckNodePort: 32000 },
};

const pod = (router: string, nodeName: string, ready: boolean, hostNetwork = false): RouterPod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${router}-${nodeName}`, labels: { [routerLabel]: router } },
  spec: { nodeName, hostNetwork },
  status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

const status = (pods: readonly RouterPod[], node: string, port: number) => routerListens([service], pods, node, port)?.statusOf("/healthz");

test("the health check of a router's Service answers 200 on nodes with a ready pod of the router, and 503 on all other nodes", () => {
  const pods = [pod("default", "worker-0", true), pod("default", "worker-1", false), pod("private", "worker-2", true)];
  expect(["worker-0", "worker-1", "worker-2", "master-0"].map((node) => status(pods, node, 32000))).toEqual([200, 503, 503, 503]);
});

test("the node ports of a Service forward on every node, as soon as the router has a ready pod", () => {
  expect(status([pod("default", "worker-0", true)], "master-0", 30443)).toBe(200);
  expect(status([pod("default", "worker-0", false)], "worker-0", 30443)).toBeUndefined();
});

test("a router with host networking answers only on the nodes of its ready pods", () => {
  const pods = [pod("public", "worker-0", true, true), pod("public", "worker-1", false, true), pod("default", "worker-2", true)];
  expect(["worker-0", "worker-1", "worker-2"].map((node) => status(pods, node, 443))).toEqual([200, undefined, undefined]);
});
