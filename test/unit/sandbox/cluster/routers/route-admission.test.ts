/** The Routes that a router of the sandbox admits, and the entries that it writes into their status. */
import type { IngressController, IngressFacts } from "../../../../../sandbox/cluster/routers/ingress-controller";
import { type ClusterRoute, routeStatus, selects } from "../../../../../sandbox/cluster/routers/route-admission";

const facts = { appsDomain: "apps.dev.example.com" } as IngressFacts;
const router = (name: string, spec: object): IngressController => ({
  apiVersion: "v1",
  kind: "IngressController",
  metadata: { name },
  spec,
});
const route = (labels: Record<string, string>, status?: ClusterRoute["status"]): ClusterRoute => ({
  apiVersion: "route.openshift.io/v1",
  kind: "Route",
  metadata: { name: "guestbook", labels },
  spec: { host: "guestbook.example.com", to: { kind: "Service", name: "guestbook" } },
  ...(status && { status }),
});
const byRoute = router("public", { domain: "public.example.com", routeSelector: { matchLabels: { exposure: "public" } } });

test.each<[string, object, Record<string, string>, Record<string, string>, boolean]>([
  ["no selector and no labels", {}, {}, {}, true],
  ["the Route's label", { routeSelector: { matchLabels: { a: "1" } } }, { a: "1" }, {}, true],
  ["another value", { routeSelector: { matchLabels: { a: "1" } } }, { a: "2" }, {}, false],
  ["the namespace's label only on the Route", { namespaceSelector: { matchLabels: { a: "1" } } }, { a: "1" }, {}, false],
  ["Exists", { namespaceSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } }, {}, { a: "" }, true],
  ["DoesNotExist", { namespaceSelector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] } }, {}, { a: "" }, false],
  ["NotIn without the label", { namespaceSelector: { matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] } }, {}, {}, true],
  ["In", { namespaceSelector: { matchExpressions: [{ key: "a", operator: "In", values: ["1", "2"] }] } }, {}, { a: "2" }, true],
])("a router admits or ignores a Route by %s", (_, spec, labels, namespaceLabels, expected) => {
  expect(selects(router("one", spec), route(labels), namespaceLabels)).toBe(expected);
});

test("a router adds its entry once, and leaves those of other routers", () => {
  const other = { routerName: "default", host: "guestbook.example.com" };
  const first = routeStatus(byRoute, facts, route({}, { ingress: [other] }), true);
  expect(first?.ingress.map(({ routerName, routerCanonicalHostname }) => [routerName, routerCanonicalHostname])).toEqual([
    ["default", undefined],
    ["public", "router-public.public.example.com"],
  ]);
  expect(routeStatus(byRoute, facts, route({}, first), true)).toBeUndefined();
});

test("a router that no longer selects a Route removes only its own entry", () => {
  const ingress = ["default", "public"].map((routerName) => ({ routerName, host: "guestbook.example.com" }));
  expect(routeStatus(byRoute, facts, route({}, { ingress }), false)).toEqual({ ingress: [ingress[0]] });
  expect(routeStatus(byRoute, facts, route({}), false)).toBeUndefined();
});
