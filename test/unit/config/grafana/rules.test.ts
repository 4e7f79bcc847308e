/** Settings of Grafana that are refused, and the keys that the error names. */
import { checkConfiguration } from "../../../../config/parse";
import { problemsOf, WITHOUT_HOST, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const entry = {
  name: "grafana-operator",
  namespace: "grafana-operator",
  source: "community-operators",
  channel: "v5",
  startingCSV: "grafana-operator.v5.22.2",
  targetNamespaces: ["grafana-operator"],
};
const on = { operators: [entry], grafana: true, grafanaAdminGroups: ["admins"] };
const shard = { name: "private", domain: "private.dev.okd.example.com", scope: "Internal", namespaceSelector: { matchLabels: { a: "b" } } };
const byName = (...values: readonly string[]) => ({
  ...shard,
  namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] },
});

const REFUSED: readonly RefusedConfiguration[] = [
  ["no operator", { ...on, operators: [] }, ["grafana"]],
  [
    "an operator in another namespace",
    { ...on, operators: [{ ...entry, namespace: "grafana", targetNamespaces: ["grafana"] }] },
    ["operators"],
  ],
  [
    "an operator that does not watch Grafana's namespace",
    { ...on, operators: [{ ...entry, targetNamespaces: ["team-a"] }] },
    ["operators"],
  ],
  ["no group, so nobody could log in", { operators: [entry], grafana: true }, ["grafana"]],
  ["a group with two roles", { ...on, grafanaViewerGroups: ["admins"] }, ["grafanaViewerGroups"]],
  ["a group with a quote in its name", { ...on, grafanaAdminGroups: ["it's"] }, ["grafanaAdminGroups"]],
  ["a group with a reference to a variable", { ...on, grafanaAdminGroups: ["$__env{HOME}"] }, ["grafanaAdminGroups"]],
  ["a group that begins a comment", { ...on, grafanaAdminGroups: ["a ;b"] }, ["grafanaAdminGroups"]],
  ["a group with a colon that is not a system group", { ...on, grafanaAdminGroups: ["a:b"] }, ["grafanaAdminGroups"]],
  ["the same group twice", { ...on, grafanaAdminGroups: ["a", "a"] }, ["grafanaAdminGroups"]],
  ["a dashboard that does not exist", { ...on, grafanaDashboards: ["weather"] }, ["grafanaDashboards"]],
  ["a shard that does not exist", { ...on, routerShards: [shard], grafanaRouterShard: "public" }, ["grafanaRouterShard"]],
  ["a host of another domain", { ...on, grafanaHost: "grafana.example.com" }, ["grafanaHost"]],
  ["a host two labels below the router's domain", { ...on, grafanaHost: "a.b.apps.dev.okd.example.com" }, ["grafanaHost"]],
  [
    "a host of the default router in a shard",
    { ...on, routerShards: [shard], grafanaRouterShard: "private", grafanaHost: "grafana.apps.dev.okd.example.com" },
    ["grafanaHost"],
  ],
  ["the host of the OAuth server", { ...on, grafanaHost: "oauth-openshift.apps.dev.okd.example.com" }, ["grafanaHost"]],
  [
    "a shard that selects other namespaces by their names",
    { ...on, routerShards: [byName("shop")], grafanaRouterShard: "private" },
    ["routerShards"],
  ],
  [
    "the default router, although a shard selects Grafana's namespace",
    { ...on, routerShards: [byName("shop", "grafana-operator")] },
    ["grafanaRouterShard"],
  ],
  ["an image without a version", { ...on, grafanaImage: "docker.io/grafana/grafana" }, ["grafanaImage"]],
  ["a version instead of an image", { ...on, grafanaImage: "12.4.1" }, ["grafanaImage"]],
  ["infra nodes that do not exist", { ...on, grafanaOnInfraNodes: true }, ["grafanaOnInfraNodes"]],
  [
    "groups without Grafana",
    { grafanaViewerGroups: ["developers"], grafanaHost: "grafana.apps.dev.okd.example.com" },
    ["grafanaViewerGroups", "grafanaHost"],
  ],
];

testRefusals(REFUSED);

test.each([
  ["a group of LDAP and a system group", { grafanaAdminGroups: ["cn=Admins,ou=Groups + more", "system:cluster-admins"] }],
  ["an operator that watches all namespaces", { operators: [{ ...entry, targetNamespaces: undefined }] }],
  ["an image by digest", { grafanaImage: `registry.example.com:5000/grafana/grafana@sha256:${"0".repeat(64)}` }],
  ["a host directly below the default router's domain", { grafanaHost: "metrics.apps.dev.okd.example.com" }],
  ["no dashboards", { grafanaDashboards: [] }],
  [
    "a shard that selects Grafana's namespace by its name",
    { routerShards: [byName("shop", "grafana-operator")], grafanaRouterShard: "private" },
  ],
  ["a shard beside the default router", { routerShards: [byName("shop")] }],
])("%s is accepted", (_, keys) => {
  expect(problemsOf(withKeys({ ...on, ...keys }))).toEqual([]);
});

test("a missing operator is reported with the entry to add, which is accepted as it is", () => {
  const [{ fix }] = problemsOf(withKeys({ ...on, operators: [] }));
  const [, text = ""] = /'(\{.*\})'$/.exec(fix) ?? [];
  expect(problemsOf(withKeys({ ...on, operators: [JSON.parse(text)] }))).toEqual([]);
});

test("a proxy and a public router without a NAT gateway give a warning, because Grafana could not reach the login", () => {
  const keys = { ...on, httpsProxy: "http://proxy.example.com:3128", publish: "External" };
  const warned = (more: object) => checkConfiguration(withKeys({ ...keys, ...more })).warnings.filter(({ key }) => key === "grafana");
  expect(warned({ natGateways: "none" })).toHaveLength(1);
  expect([
    warned({}),
    warned({ natGateways: "none", ...WITHOUT_HOST, publish: "Internal" }),
    warned({ natGateways: "none", grafana: false, grafanaAdminGroups: [] }),
  ]).toEqual([[], [], []]);
});
