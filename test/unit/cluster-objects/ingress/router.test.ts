import fc from "fast-check";
import { type LabelSelector, selectorMatches } from "../../../../config/ingress/label-selector";
import { defaultRouter } from "../../../../cluster-objects/ingress/default-router";
import { requiredHsts } from "../../../../cluster-objects/ingress/hsts";
import { withOwnRanges } from "../../../../cluster-objects/ingress/own-ranges";
import { passthroughRoutes } from "../../../../cluster-objects/ingress/passthrough";
import { routerCertificateSecret, shardRouter } from "../../../../cluster-objects/ingress/router";
import type { ApiObject } from "../../../../cluster-objects/object";
import { schemaProblems } from "../../../../cluster-objects/schema/check";
import { BEHIND_WAF, onlyShard, configuredRouters, shardOf, ZONE } from "../../config/ingress/router-shards-fixture";

const specOf = (object: ApiObject | undefined) => object?.spec as Record<string, unknown> | undefined;

describe("a shard's IngressController", () => {
  test("contains only the configured fields", () => {
    expect(shardRouter(onlyShard())).toEqual({
      apiVersion: "operator.openshift.io/v1",
      kind: "IngressController",
      metadata: { name: "public", namespace: "openshift-ingress-operator" },
      spec: {
        domain: "public.dev.okd.example.com",
        replicas: 2,
        namespaceSelector: { matchLabels: { exposure: "public" } },
        endpointPublishingStrategy: {
          type: "LoadBalancerService",
          loadBalancer: { scope: "External", dnsManagementPolicy: "Managed", providerParameters: { type: "AWS", aws: { type: "NLB" } } },
        },
      },
    });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "a load balancer in named subnets with fixed addresses",
      { subnetIds: ["subnet-0123456789abcdef0"], eipAllocationIds: ["eipalloc-0123456789abcdef0"], allowedSourceRanges: ["10.0.0.0/8"] },
      {
        endpointPublishingStrategy: {
          type: "LoadBalancerService",
          loadBalancer: {
            scope: "External",
            dnsManagementPolicy: "Managed",
            allowedSourceRanges: ["10.0.0.0/8"],
            providerParameters: {
              type: "AWS",
              aws: {
                type: "NLB",
                networkLoadBalancer: { subnets: { ids: ["subnet-0123456789abcdef0"] }, eipAllocations: ["eipalloc-0123456789abcdef0"] },
              },
            },
          },
        },
      },
    ],
    [
      "a domain of another zone behind a Classic load balancer",
      { domain: "shop.example.org", zoneId: ZONE, loadBalancer: "Classic", idleTimeout: 600 },
      {
        domain: "shop.example.org",
        endpointPublishingStrategy: {
          type: "LoadBalancerService",
          loadBalancer: {
            scope: "External",
            dnsManagementPolicy: "Unmanaged",
            providerParameters: { type: "AWS", aws: { type: "Classic", classicLoadBalancer: { connectionIdleTimeout: "600s" } } },
          },
        },
      },
    ],
    [
      "nodes and taints",
      { nodeSelector: { pool: "edge" }, tolerations: ["edge=yes:NoSchedule", "spot:NoExecute"] },
      {
        nodePlacement: {
          nodeSelector: { matchLabels: { pool: "edge" } },
          tolerations: [
            { key: "edge", operator: "Equal", value: "yes", effect: "NoSchedule" },
            { key: "spot", operator: "Exists", effect: "NoExecute" },
          ],
        },
      },
    ],
    [
      "a log in a container of the router's pod",
      { accessLogging: "Container" },
      { logging: { access: { destination: { type: "Container" } } } },
    ],
    [
      "a log on a syslog server",
      { accessLogging: "[2001:db8::9]:514" },
      { logging: { access: { destination: { type: "Syslog", syslog: { address: "2001:db8::9", port: 514 } } } } },
    ],
    ["timeouts", { clientTimeout: 30, tunnelTimeout: 3600 }, { tuningOptions: { clientTimeout: "30s", tunnelTimeout: "3600s" } }],
    ["headers", { forwardedHeaderPolicy: "Replace" }, { httpHeaders: { forwardedHeaderPolicy: "Replace" } }],
    ["TLS", { tlsProfile: "Modern" }, { tlsSecurityProfile: { type: "Modern", modern: {} } }],
    [
      "the admission of routes",
      { namespaceOwnership: "InterNamespaceAllowed", wildcardRoutes: true, routeSelector: { matchLabels: { a: "b" } } },
      {
        routeAdmission: { namespaceOwnership: "InterNamespaceAllowed", wildcardPolicy: "WildcardsAllowed" },
        routeSelector: { matchLabels: { a: "b" } },
      },
    ],
  ])("has %s if configured", (_, changes, fields) => {
    const [plain, changed] = [shardRouter(onlyShard()), shardRouter(onlyShard(changes))];
    expect(specOf(changed)).toEqual({ ...specOf(plain), ...fields });
    expect(schemaProblems(changed)).toEqual([]);
  });

  test("behind a WAF runs with host networking on the infra nodes that have the shard's label", () => {
    const router = shardRouter(onlyShard(BEHIND_WAF, { infraCount: 2 }));
    expect(specOf(router)).toMatchObject({
      replicas: 2,
      endpointPublishingStrategy: { type: "HostNetwork", hostNetwork: { httpPort: 80, httpsPort: 443, statsPort: 1936 } },
      nodePlacement: {
        nodeSelector: { matchLabels: { "okd-aws/router": "public" } },
        tolerations: [{ key: "node-role.kubernetes.io/infra", operator: "Exists" }],
      },
      httpHeaders: { forwardedHeaderPolicy: "IfNone" },
    });
    expect(schemaProblems(router)).toEqual([]);
  });

  test("reads its certificate from a TLS Secret in openshift-ingress", () => {
    const secret = routerCertificateSecret("public", "chain", "key");
    expect(secret).toMatchObject({
      metadata: { name: "okd-aws-router-public", namespace: "openshift-ingress" },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": "chain", "tls.key": "key" },
    });
    expect(schemaProblems(secret)).toEqual([]);
  });
});

describe("the default router", () => {
  const shard = (name: string, namespaceSelector: object) => shardOf(name, { namespaceSelector });

  test("is not patched if neither settings nor shards are configured", () => {
    expect(defaultRouter(configuredRouters({}))).toBeUndefined();
  });

  test("excludes the shards' namespaces with one requirement per label", () => {
    const routerShards = [
      shard("a", { matchLabels: { exposure: "public" } }),
      shard("b", { matchExpressions: [{ key: "exposure", operator: "In", values: ["private", "intranet"] }] }),
      shard("c", { matchExpressions: [{ key: "exposure", operator: "In", values: ["partner"] }] }),
    ];
    const router = defaultRouter(configuredRouters({ routerShards }));
    expect(router).toEqual({
      apiVersion: "operator.openshift.io/v1",
      kind: "IngressController",
      metadata: { name: "default", namespace: "openshift-ingress-operator" },
      spec: {
        namespaceSelector: {
          matchExpressions: [{ key: "exposure", operator: "NotIn", values: ["public", "private", "intranet", "partner"] }],
        },
      },
    });
  });

  test("serves exactly OpenShift's own namespaces and those that no shard selects", () => {
    const values = ["a", "b", "c", "d"];
    const selectors = fc.oneof(
      fc.uniqueArray(fc.subarray(values, { minLength: 1, maxLength: 2 }), { selector: ([first]) => first, maxLength: 3 }).map((parts) => {
        const taken = new Set<string>();
        return parts.flatMap((part) => {
          const own = part.filter((value) => !taken.has(value));
          own.forEach((value) => taken.add(value));
          return own.length === 0 ? [] : [{ matchExpressions: [{ key: "team", operator: "In", values: own }] }];
        });
      }),
      fc.constant([{ matchExpressions: [{ key: "team", operator: "Exists" }] }]),
    );
    const platform = { "kubernetes.io/metadata.name": "openshift-console", "openshift.io/cluster-monitoring": "true" };
    fc.assert(
      fc.property(selectors, (chosen) => {
        const routerShards = chosen.map((namespaceSelector, index) => shard(`s${index}`, namespaceSelector));
        const routers = configuredRouters({ routerShards });
        const own = (specOf(defaultRouter(routers))?.namespaceSelector ?? {}) as LabelSelector;
        for (const labels of [...values, "z"].map((team) => ({ team })))
          expect(selectorMatches(own, labels)).toBe(
            !routers.shards.some(({ namespaceSelector }) => selectorMatches(namespaceSelector, labels)),
          );
        expect(selectorMatches(own, platform)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("gets all configured settings in one patch", () => {
    const router = defaultRouter(
      configuredRouters({
        routerShards: [shardOf("public")],
        defaultRouterReplicas: 3,
        defaultRouterNodeSelector: { "node-role.kubernetes.io/infra": "" },
        defaultRouterTolerations: ["node-role.kubernetes.io/infra:NoSchedule"],
        defaultRouterAllowedSourceRanges: ["198.51.100.0/24"],
        defaultRouterAccessLogging: "10.0.0.9:514",
      }),
      undefined,
      ["198.51.100.0/24", "203.0.113.10/32"],
    );
    expect(specOf(router)).toEqual({
      replicas: 3,
      nodePlacement: {
        nodeSelector: { matchLabels: { "node-role.kubernetes.io/infra": "" } },
        tolerations: [{ key: "node-role.kubernetes.io/infra", operator: "Exists", effect: "NoSchedule" }],
      },
      endpointPublishingStrategy: {
        type: "LoadBalancerService",
        loadBalancer: { scope: "External", dnsManagementPolicy: "Managed", allowedSourceRanges: ["198.51.100.0/24", "203.0.113.10/32"] },
      },
      logging: { access: { destination: { type: "Syslog", syslog: { address: "10.0.0.9", port: 514 } } } },
      namespaceSelector: { matchExpressions: [{ key: "exposure", operator: "NotIn", values: ["public"] }] },
    });
    expect(schemaProblems(router as ApiObject)).toEqual([]);
  });
});

test("the cluster's own CIDR blocks are added to a router's allowed source ranges, unless these contain them", () => {
  expect(withOwnRanges(["198.51.100.0/24"], ["203.0.113.10/32", "203.0.113.11/32"])).toEqual([
    "198.51.100.0/24",
    "203.0.113.10/32",
    "203.0.113.11/32",
  ]);
  expect(withOwnRanges(["203.0.113.0/24", "10.0.0.0/8"], ["203.0.113.10/32", "10.20.0.0/16"])).toEqual(["203.0.113.0/24", "10.0.0.0/8"]);
  expect(withOwnRanges(["10.20.4.0/24"], ["10.20.0.0/16"])).toEqual(["10.20.4.0/24", "10.20.0.0/16"]);
});

test("HSTS is required of the routes below the domains of the shards that configure it", () => {
  const { shards } = configuredRouters({
    routerShards: [shardOf("public", { hsts: { maxAge: 31_536_000, includeSubDomains: true } }), shardOf("private")],
  });
  const hsts = requiredHsts(shards);
  expect(specOf(hsts)).toEqual({
    requiredHSTSPolicies: [
      {
        domainPatterns: ["*.public.dev.okd.example.com"],
        maxAge: { smallestMaxAge: 31_536_000 },
        includeSubDomainsPolicy: "RequireIncludeSubDomains",
        preloadPolicy: "NoOpinion",
      },
    ],
  });
  expect(schemaProblems(hsts as ApiObject)).toEqual([]);
  expect(requiredHsts(shards.slice(1))).toBeUndefined();
});

test("a shard admits the passthrough routes that its namespaceSelector and routeSelector select", () => {
  const shard = onlyShard(
    { ...BEHIND_WAF, routeSelector: { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["raw"] }] } },
    { infraCount: 2 },
  );
  const namespaces = [
    { metadata: { name: "shop", labels: { exposure: "public" } } },
    { metadata: { name: "blog", labels: { exposure: "private" } } },
    { metadata: { name: "bare" } },
  ];
  const route = (namespace: string, name: string, termination: string | undefined, labels = {}) => ({
    metadata: { namespace, name, labels },
    spec: { ...(termination !== undefined && { tls: { termination } }) },
  });
  const routes = [
    route("shop", "through", "passthrough"),
    route("shop", "raw", "passthrough", { tier: "raw" }),
    route("shop", "edge", "edge"),
    route("shop", "plain", undefined),
    route("blog", "through", "passthrough"),
    route("bare", "through", "passthrough"),
  ];
  expect(passthroughRoutes(shard, namespaces, routes)).toEqual(["shop/through"]);
});
