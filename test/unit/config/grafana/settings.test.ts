/** The settings of Grafana. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { grafana, grafanaDemands } from "../../../../config/grafana/settings";
import { parseConfiguration } from "../../../../config/parse";
import type { Settings } from "../../../../config/schema";
import { problemKeys, withKeys } from "../fixture";

const operators = [
  { name: "grafana-operator", namespace: "grafana-operator", source: "community-operators", channel: "v5", approval: "Automatic" },
];
const on = { operators, grafana: true, grafanaAdminGroups: ["admins"] };
const settings = (keys: object) => parseConfiguration(withKeys({ ...on, ...keys }), {}).platform.grafana;

test("without the key grafana there is no Grafana", () => {
  expect(grafana({ grafana: false } as Settings)).toBeUndefined();
});

test("the default router serves Grafana at grafana.apps.<cluster's domain>, and the pinned image runs on the workers", () => {
  expect(settings({})).toEqual({
    host: "grafana.apps.dev.okd.example.com",
    shardLabels: { namespace: {}, route: {} },
    hstsMaxAge: 31_536_000,
    roles: { Admin: ["admins"], Editor: [], Viewer: [] },
    dashboards: ["health", "capacity", "etcd", "routers"],
    image: "docker.io/grafana/grafana:12.4.1",
  });
});

test("a shard gives Grafana its domain and the labels by which it selects namespaces and routes", () => {
  const shard = {
    name: "private",
    domain: "private.dev.okd.example.com",
    scope: "Internal",
    namespaceSelector: { matchExpressions: [{ key: "exposure", operator: "In", values: ["private", "both"] }] },
    routeSelector: {
      matchLabels: { tier: "tools" },
      matchExpressions: [
        { key: "reviewed", operator: "Exists" },
        { key: "legacy", operator: "DoesNotExist" },
      ],
    },
  };
  expect(settings({ routerShards: [shard], grafanaRouterShard: "private" })).toMatchObject({
    host: "grafana.private.dev.okd.example.com",
    shardLabels: { namespace: { exposure: "private" }, route: { tier: "tools", reviewed: "" } },
  });
});

test("Grafana's namespace needs no further label for a shard that selects it by its name", () => {
  const values = ["shop", "grafana-operator"];
  const namespaceSelector = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] };
  const shard = { name: "private", domain: "private.dev.okd.example.com", scope: "Internal", namespaceSelector };
  expect(settings({ routerShards: [shard], grafanaRouterShard: "private" })?.shardLabels).toEqual({ namespace: {}, route: {} });
});

test("the HSTS header of Grafana has the longest maximum age that a shard's policy requires for its host, a year by default", () => {
  const shard = (name: string, domain: string, maxAge: number) => ({
    name,
    domain,
    scope: "Internal",
    namespaceSelector: { matchLabels: { exposure: name } },
    hsts: { maxAge },
  });
  const one = shard("one", "one.dev.okd.example.com", 600);
  const two = shard("two", "two.dev.okd.example.com", 63_072_000);
  const parent = shard("parent", "example.com", 63_072_000);
  const year = 31_536_000;
  expect(settings({ routerShards: [one, two], grafanaRouterShard: "one" })?.hstsMaxAge).toBe(year);
  expect(settings({ routerShards: [one, two], grafanaRouterShard: "two" })?.hstsMaxAge).toBe(2 * year);
  expect(settings({ routerShards: [two] })?.hstsMaxAge).toBe(year);
  expect(settings({ routerShards: [parent] })?.hstsMaxAge).toBe(2 * year);
});

test("with grafanaOnInfraNodes Grafana's pods get the placement of infra nodes, and their requests are compared with these nodes", () => {
  const keys = { grafanaOnInfraNodes: true, infraCount: 1 };
  expect(settings(keys)?.placement?.nodeSelector).toEqual({ "node-role.kubernetes.io/infra": "" });
  const demands = (more: object) => grafanaDemands({ grafana: true, grafanaOnInfraNodes: false, infraCount: 1, ...more });
  expect([...demands({}), ...demands(keys)].map(({ nodes, cpuMillis, memoryMib }) => [nodes, cpuMillis, memoryMib])).toEqual([
    ["worker", 100, 256],
    ["infra", 100, 256],
  ]);
  expect(demands({ grafana: false })).toEqual([]);
});

test("the example of docs/grafana.md is a valid configuration", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/grafana.md"), "utf8");
  const [, example = ""] = /```yaml\n(config:.*?)```/s.exec(guide) ?? [];
  const { config } = load(example) as { config: Record<string, unknown> };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
  expect(keys).toHaveProperty("grafana", "true");
  expect(problemKeys(keys)).toEqual([]);
});
