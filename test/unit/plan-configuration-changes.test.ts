import { configurationChanges } from "../../operations/plan/configuration-changes";

const shards = (...all: readonly object[]) => ({ "okd-aws:routerShards": all });
const shop = { name: "shop", domain: "shop.example.com", replicas: 2 };
const inner = { name: "inner", domain: "inner.example.com" };
const lines = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) =>
  configurationChanges(before, after).map(({ key, before: one, after: other }) => `${key}: ${one} → ${other}`);

test.each([
  ["one more", shards(shop), shards(shop, inner), ['routerShards[inner]: not set → {"name":"inner","domain":"inner.example.com"}']],
  [
    "one less",
    shards(shop, inner),
    shards(inner),
    ['routerShards[shop]: {"name":"shop","domain":"shop.example.com","replicas":2} → not set'],
  ],
  ["the first", {}, shards(inner), ['routerShards[inner]: not set → {"name":"inner","domain":"inner.example.com"}']],
  [
    "fields of one",
    shards(shop, inner),
    shards({ ...shop, domain: "store.example.com", replicas: undefined, scope: "Internal" }, inner),
    [
      "routerShards[shop].domain: shop.example.com → store.example.com",
      "routerShards[shop].replicas: 2 → not set",
      "routerShards[shop].scope: not set → Internal",
    ],
  ],
  [
    "as the history has them",
    { "okd-aws:routerShards": JSON.stringify([shop]) },
    { "okd-aws:routerShards": JSON.stringify([shop, inner]) },
    ['routerShards[inner]: not set → {"name":"inner","domain":"inner.example.com"}'],
  ],
  [
    "in another order",
    shards({ name: "a" }, { name: "b" }),
    shards({ name: "b" }, { name: "a" }),
    ['routerShards: [{"name":"a"},{"name":"b"}] → [{"name":"b"},{"name":"a"}]'],
  ],
  [
    "that share a name",
    shards(inner),
    shards(inner, inner),
    ['routerShards: [{"name":"inner","domain":"inner.example.com"}] → [{"name":"inner","domain":"inner.example.com"},{"name":"inne…'],
  ],
])("of a list of named things: %s", (_, before, after, expected) => {
  expect(lines(before, after)).toEqual(expected);
});

test("what a named thing keeps secret isn't shown", () => {
  const before = { "okd-aws:routerShards": [{ name: "shop", key: { secure: "v1:abc" } }] };
  const after = { "okd-aws:routerShards": [{ name: "shop", key: { secure: "v1:def" } }] };
  expect(lines(before, after)).toEqual(["routerShards[shop].key: [secret] → [secret]"]);
});
