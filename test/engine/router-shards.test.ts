/**
 * Tests the shards' objects on a real API server with the real Pulumi engine. No operator runs: this test writes the operator's reports and the
 * load balancers' names. Records and the load balancer with WAF need AWS; test/component/router-shards.test.ts tests them under mocks.
 */
import { setInterval } from "node:timers";
import { setTimeout as sleep } from "node:timers/promises";
import { makeServerCertificate } from "../certificates";
import { PlatformProject } from "./platform-project";

const controllers = "/apis/operator.openshift.io/v1/namespaces/openshift-ingress-operator/ingresscontrollers";
const services = "/api/v1/namespaces/openshift-ingress/services";

const program = `
  import { InfraNodes } from "./components/cluster/infra-nodes";
  import { RouterShards } from "./components/cluster/router-shards";
  const unused: any = undefined;
  // Outputs, as for an instance that does not exist yet: a preview knows neither its ID nor the name of its node.
  const machine = api.object("machine", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "machine", namespace: "openshift-config" } }, {});
  const machines = [{ key: "infra-0", instance: Object.assign(machine, { id: machine.id.apply(() => "i-0123456789abcdef0"), privateDns: machine.id.apply(() => "node-0") }) as any }];
  const infraNodes = configuration.infra.count > 0
    ? new InfraNodes("infra-nodes", { api, machines, settings: platform.infraNodes })
    : undefined;
  const { shards } = new RouterShards("router-shards", {
    api, routers: platform.routers, naming: unused, partition: unused, network: unused, workerSecurityGroupId: "sg-1", privateZone: undefined,
    appsZones: undefined, clusterDomain: configuration.clusterDomain,
    infra: machines, infraRoles: infraNodes?.roles ?? [], ownRanges: ["203.0.113.10/32"],
  });
  export const domains = shards?.apply((all) => all.map(({ domain, balancer, recordIsMissing }) => [domain, balancer, recordIsMissing]));
`;

const shard = (name: string, changes: object = {}) => ({
  name,
  domain: `${name}.demo.okd.example.com`,
  scope: "External",
  namespaceSelector: { matchLabels: { exposure: name } },
  ...changes,
});

interface Controller {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: Record<string, unknown>;
  readonly status?: object;
}

let project: PlatformProject;
let operator: NodeJS.Timeout;
let failure: unknown;

/** Seconds from the start of an update until the instance becomes a node. The update begins without the node. */
const joinsAfter = 6;

/** A taint of another owner, which must remain. */
const otherTaint = { key: "pool", value: "edge", effect: "PreferNoSchedule" };

/** Acts as the instance's kubelet: creates the node, and makes it ready a moment later. Fails if the node already exists. */
async function join(): Promise<void> {
  const metadata = { name: "node-0", labels: { "kubernetes.io/os": "linux" } };
  const made = await project.api.must("POST", "/api/v1/nodes", {
    metadata,
    spec: { providerID: "aws:///us-east-1a/i-0123456789abcdef0", taints: [otherTaint] },
  });
  await sleep(1000);
  const conditions = [{ type: "Ready", status: "True", reason: "KubeletReady", message: "" }];
  await project.api.must("PUT", "/api/v1/nodes/node-0/status", { ...made, status: { conditions } });
}

/** Acts as the operator: creates a Service with a load balancer's name, and reports that the router is available. */
async function operate(): Promise<void> {
  const { items } = (await project.api.must("GET", controllers)) as unknown as { items: Controller[] };
  for (const { metadata, status } of items) {
    if (metadata.name === "default" || status !== undefined) continue;
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `router-${metadata.name}` },
      spec: { type: "LoadBalancer", ports: [{ port: 443 }] },
    };
    const made = await project.api.call("POST", services, service);
    if (made.status === 201) {
      const ingress = [{ hostname: `${metadata.name}.elb.example.com` }];
      await project.api.must("PUT", `${services}/router-${metadata.name}/status`, { ...made.body, status: { loadBalancer: { ingress } } });
    }
    const object = await project.api.must("GET", `${controllers}/${metadata.name}`);
    const conditions = [
      { type: "Available", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z", reason: "AsExpected", message: "" },
    ];
    await project.api.must("PUT", `${controllers}/${metadata.name}/status`, { ...object, status: { conditions } });
  }
}

const routerNamed = (name: string) =>
  project.read("operator.openshift.io/v1", "IngressController", name, "openshift-ingress-operator") as Promise<Controller | undefined>;

/** A node's taints, without the one that the API server adds to a new node. */
function taintsOf(node: object | undefined): readonly object[] {
  const { spec } = node as { spec: { taints?: readonly { readonly key: string }[] } };
  return (spec.taints ?? []).filter(({ key }) => key !== "node.kubernetes.io/not-ready");
}

/** Keys of the taints that the cluster's DNS tolerates. */
async function tolerated(): Promise<string[]> {
  const dns = await project.read("operator.openshift.io/v1", "DNS", "default");
  const spec = dns?.spec as { nodePlacement?: { tolerations?: { key: string }[] } } | undefined;
  return (spec?.nodePlacement?.tolerations ?? []).map(({ key }) => key);
}

beforeAll(async () => {
  project = await PlatformProject.make(program);
  const metadata = { name: "default", namespace: "openshift-ingress-operator" };
  await project.seed(
    { apiVersion: "operator.openshift.io/v1", kind: "IngressController", metadata, spec: { replicas: 2 } },
    { apiVersion: "operator.openshift.io/v1", kind: "DNS", metadata: { name: "default" }, spec: { logLevel: "Normal" } },
    { apiVersion: "config.openshift.io/v1", kind: "Ingress", metadata: { name: "cluster" }, spec: { domain: "apps.demo.okd.example.com" } },
  );
  let running = false;
  operator = setInterval(() => {
    if (running) return;
    running = true;
    operate()
      .catch((error: unknown) => (failure = error))
      .finally(() => (running = false));
  }, 300);
});

afterAll(async () => {
  clearInterval(operator);
  await project.remove();
});

test("shards with every key are accepted, changed, replaced and deleted, and a dead API does not delay their destruction", async () => {
  const { chain, key } = await makeServerCertificate(["*.full.demo.okd.example.com"]);
  const full = shard("full", {
    replicas: 3,
    routeSelector: { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["raw"] }] },
    infraNodes: ["infra-0"],
    nodeSelector: { pool: "edge" },
    tolerations: ["edge=yes:NoSchedule"],
    allowedSourceRanges: ["198.51.100.0/24"],
    subnetIds: ["subnet-0123456789abcdef0"],
    eipAllocationIds: ["eipalloc-0123456789abcdef0"],
    certificate: chain,
    accessLogging: "10.0.0.9:514",
    hsts: { maxAge: 31_536_000, includeSubDomains: true, preload: true },
    clientTimeout: 30,
    serverTimeout: 60,
    tunnelTimeout: 3600,
    forwardedHeaderPolicy: "Replace",
    tlsProfile: "Modern",
    namespaceOwnership: "InterNamespaceAllowed",
    wildcardRoutes: true,
  });
  const inner = shard("inner", { scope: "Internal", idleTimeout: 600, domain: "inner.example.org", accessLogging: "Container" });
  const defaults = {
    infraCount: 1,
    defaultRouterReplicas: 3,
    defaultRouterNodeSelector: { pool: "edge" },
    defaultRouterTolerations: ["edge:NoSchedule"],
    defaultRouterAllowedSourceRanges: ["198.51.100.0/24"],
    defaultRouterAccessLogging: "Container",
  };
  const keys = { ...defaults, routerShards: [full, inner], routerCertificateKeys: { full: key } };
  project.configure(keys);
  expect((await project.preview()).map(({ op, name }) => `${op} ${name}`)).toEqual(
    expect.arrayContaining(["create router-shards-full-infra-0", "create router-shards-full", "create router-shards-inner"]),
  );
  await Promise.all([project.up(), sleep(joinsAfter * 1000).then(join)]);
  expect(failure).toBeUndefined();
  expect(await project.outputs()).toEqual({
    domains: [
      ["full.demo.okd.example.com", "full.elb.example.com", false],
      ["inner.example.org", "inner.elb.example.com", true],
    ],
  });
  const node = await project.read("v1", "Node", "node-0");
  expect(node?.metadata.labels).toEqual({ "kubernetes.io/os": "linux", "node-role.kubernetes.io/infra": "", "okd-aws/router": "full" });
  expect(taintsOf(node)).toEqual([otherTaint, { key: "node-role.kubernetes.io/infra", effect: "NoSchedule" }]);
  expect(await tolerated()).toEqual(["node-role.kubernetes.io/master", "node-role.kubernetes.io/infra"]);
  expect((await routerNamed("default"))?.spec.endpointPublishingStrategy).toMatchObject({
    loadBalancer: { allowedSourceRanges: ["198.51.100.0/24", "203.0.113.10/32"] },
  });
  expect((await routerNamed("default"))?.spec.namespaceSelector).toEqual({
    matchExpressions: [{ key: "exposure", operator: "NotIn", values: ["full", "inner"] }],
  });
  const secret = await project.read("v1", "Secret", "okd-aws-router-full", "openshift-ingress");
  expect(Buffer.from((secret?.data as Record<string, string>)["tls.key"], "base64").toString()).toBe(key);
  expect(await project.state()).not.toContain(key.split("\n")[1]);
  expect(await project.preview()).toEqual([]);

  const changed = {
    ...keys,
    routerShards: [
      { ...full, replicas: 4 },
      { ...inner, scope: "External", loadBalancer: "Classic" },
    ],
  };
  project.configure(changed);
  expect(
    (await project.preview())
      .map(({ op, name }) => `${op} ${name}`)
      .filter((line) => !line.endsWith("-service"))
      .sort(),
  ).toEqual(["replace router-shards-inner", "update router-shards-full"]);
  const before = await routerNamed("inner");
  await project.up();
  const after = await routerNamed("inner");
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  expect(after?.spec.endpointPublishingStrategy).toMatchObject({ loadBalancer: { scope: "External" } });

  project.configure({ routerShards: [shard("full")] });
  await project.up();
  expect(failure).toBeUndefined();
  expect((await routerNamed("default"))?.spec).toEqual(
    expect.objectContaining({ namespaceSelector: { matchExpressions: [{ key: "exposure", operator: "NotIn", values: ["full"] }] } }),
  );
  const fields = ["nodePlacement", "endpointPublishingStrategy", "logging"];
  expect(Object.keys((await routerNamed("default"))?.spec ?? {}).filter((field) => fields.includes(field))).toEqual([]);
  expect(await routerNamed("inner")).toBeUndefined();
  expect(await project.read("v1", "Secret", "okd-aws-router-full", "openshift-ingress")).toBeUndefined();
  const left = await project.read("v1", "Node", "node-0");
  expect([left?.metadata.labels, taintsOf(left)]).toEqual([{ "kubernetes.io/os": "linux" }, [otherTaint]]);
  expect(await tolerated()).toEqual([]);
  expect((await project.read("config.openshift.io/v1", "Ingress", "cluster"))?.spec).toEqual({ domain: "apps.demo.okd.example.com" });

  project.configure({});
  await project.up();
  expect((await routerNamed("default"))?.spec.namespaceSelector).toBeUndefined();

  project.configure({ routerShards: [shard("full")] });
  await project.up();
  clearInterval(operator);
  await project.killApi();
  const { seconds } = await project.destroy();
  expect(seconds).toBeLessThan(30);
});
