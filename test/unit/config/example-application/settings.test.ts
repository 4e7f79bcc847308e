/** The settings of the example application: its routers, host names, and the labels by which they select it. */
import { parseConfiguration } from "../../../../config/parse";
import { withKeys } from "../fixture";

const exampleOf = (keys: Readonly<Record<string, unknown>>) => parseConfiguration(withKeys(keys)).platform.exampleApplication;
const shard = (name: string, namespaceSelector: object, routeSelector: object = {}) => ({
  name,
  domain: `${name}.dev.okd.example.com`,
  scope: "External",
  namespaceSelector,
  routeSelector,
});
const exposed = { matchExpressions: [{ key: "exposure", operator: "Exists", values: [] }] };

test("it is off unless it is configured", () => {
  expect(exampleOf({})).toBeUndefined();
});

test("without shards the default router serves it below apps", () => {
  expect(exampleOf({ exampleApplication: true })).toEqual({
    namespaceLabels: {},
    exposures: [{ router: "default", host: "guestbook.apps.dev.okd.example.com", labels: {} }],
  });
});

test("all shards serve it, each with a Route that only this shard selects", () => {
  const routerShards = [
    shard("public", exposed, { matchLabels: { exposure: "public" } }),
    shard("private", exposed, { matchExpressions: [{ key: "exposure", operator: "In", values: ["private", "internal"] }] }),
  ];
  expect(exampleOf({ exampleApplication: true, routerShards })).toEqual({
    namespaceLabels: { exposure: "true" },
    exposures: [
      { router: "public", host: "guestbook.public.dev.okd.example.com", labels: { exposure: "public" } },
      { router: "private", host: "guestbook.private.dev.okd.example.com", labels: { exposure: "private" } },
    ],
  });
});

test("a shard that names its namespace selects it without a label, which only the API server sets", () => {
  const named = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["shop", "okd-aws-example"] }] };
  const found = exampleOf({ exampleApplication: true, routerShards: [shard("public", named)] });
  expect([found?.namespaceLabels, found?.exposures.map(({ router }) => router)]).toEqual([{}, ["public"]]);
});

test("only the chosen shards serve it, and their selectors decide the namespace's labels", () => {
  const routerShards = [
    shard("public", { matchLabels: { exposure: "public" } }),
    shard("private", { matchLabels: { exposure: "private" } }),
  ];
  const found = exampleOf({ exampleApplication: true, exampleApplicationShards: ["private"], routerShards });
  expect(found?.namespaceLabels).toEqual({ exposure: "private" });
  expect(found?.exposures.map(({ router }) => router)).toEqual(["private"]);
});
