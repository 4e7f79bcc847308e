/** The settings of the example application: its routers, its host names, and the labels by which the routers select it. */
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

test("there is no example application unless exampleApplication is set", () => {
  expect(exampleOf({})).toBeUndefined();
});

test("without router shards the default router serves the example application below apps.<cluster's domain>", () => {
  expect(exampleOf({ exampleApplication: true })).toEqual({
    namespaceLabels: {},
    exposures: [{ router: "default", host: "guestbook.apps.dev.okd.example.com", labels: {} }],
  });
});

test("all router shards serve the example application, each through a Route that only this shard selects", () => {
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

test("a shard that selects the namespace by its name needs no further namespace label", () => {
  const named = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["shop", "okd-aws-example"] }] };
  const found = exampleOf({ exampleApplication: true, routerShards: [shard("public", named)] });
  expect([found?.namespaceLabels, found?.exposures.map(({ router }) => router)]).toEqual([{}, ["public"]]);
});

test("only the shards of exampleApplicationShards serve the example application, and the namespace gets only the labels that these select", () => {
  const routerShards = [
    shard("public", { matchLabels: { exposure: "public" } }),
    shard("private", { matchLabels: { exposure: "private" } }),
  ];
  const found = exampleOf({ exampleApplication: true, exampleApplicationShards: ["private"], routerShards });
  expect(found?.namespaceLabels).toEqual({ exposure: "private" });
  expect(found?.exposures.map(({ router }) => router)).toEqual(["private"]);
});
