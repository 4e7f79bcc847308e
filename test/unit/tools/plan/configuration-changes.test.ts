import { inspect } from "node:util";
import { configurationChanges, unknownChanges } from "../../../../tools/plan/configuration-changes";
import { SecretValue } from "../../../../tools/plan/secret-value";

const shards = (...all: readonly object[]) => ({ "okd-aws:routerShards": all });
const shop = { name: "shop", domain: "shop.example.com", replicas: 2 };
const inner = { name: "inner", domain: "inner.example.com" };
const lines = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) =>
  configurationChanges(before, after).map(({ key, before: one, after: other }) => `${key}: ${one} → ${other}`);

test.each([
  ["an added item", shards(shop), shards(shop, inner), ['routerShards[inner]: not set → {"name":"inner","domain":"inner.example.com"}']],
  [
    "a removed item",
    shards(shop, inner),
    shards(inner),
    ['routerShards[shop]: {"name":"shop","domain":"shop.example.com","replicas":2} → not set'],
  ],
  ["the first item", {}, shards(inner), ['routerShards[inner]: not set → {"name":"inner","domain":"inner.example.com"}']],
  [
    "changed fields of an item",
    shards(shop, inner),
    shards({ ...shop, domain: "store.example.com", replicas: undefined, scope: "Internal" }, inner),
    [
      "routerShards[shop].domain: shop.example.com → store.example.com",
      "routerShards[shop].replicas: 2 → not set",
      "routerShards[shop].scope: not set → Internal",
    ],
  ],
  [
    "as they are in the history",
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
    "two items with the same name",
    shards(inner),
    shards(inner, inner),
    ['routerShards: [{"name":"inner","domain":"inner.example.com"}] → [{"name":"inner","domain":"inner.example.com"},{"name":"inne…'],
  ],
])("the changes of a list of named items: %s", (_, before, after, expected) => {
  expect(lines(before, after)).toEqual(expected);
});

test("a value is shown as the user wrote it, without the Pulumi engine's escapes", () => {
  const before = { "okd-aws:tags": String.raw`{"team":"R\u0026D"}` };
  const after = { "okd-aws:tags": String.raw`{"team":"\u003cyour-team\u003e"}` };
  expect(lines(before, after)).toEqual(['tags: {"team":"R&D"} → {"team":"<your-team>"}']);
});

test("the secrets of a named item are not shown", () => {
  const before = { "okd-aws:routerShards": [{ name: "shop", key: { secure: "v1:abc" } }] };
  const after = { "okd-aws:routerShards": [{ name: "shop", key: { secure: "v1:def" } }] };
  expect(lines(before, after)).toEqual(["routerShards[shop].key: [secret] → [secret]"]);
});

describe("the known secrets of a configuration", () => {
  const users = (value: unknown) => ({ "okd-aws:htpasswdUsers": value });

  test("are compared by value and not by form, and are never shown", () => {
    const one = new SecretValue('{"anna":"open","bert":"sesame"}');
    expect(lines(users(one), users(new SecretValue({ bert: "sesame", anna: "open" }, '{"anna":"[secret]","bert":"[secret]"}')))).toEqual(
      [],
    );
    expect(lines(users(one), users(new SecretValue('{"anna":"other"}', '{"anna":"[secret]"}')))).toEqual([
      "htpasswdUsers: [secret] → [secret]",
    ]);
    expect(lines({}, users(one))).toEqual(["htpasswdUsers: not set → [secret]"]);
    expect(`${JSON.stringify(one)} ${inspect(one)}`).not.toMatch(/open|sesame/);
  });

  test("hide only the secret parts of a list of named items", () => {
    const shop = (domain: string, key: string) => JSON.stringify([{ name: "shop", domain, key }]);
    const value = (domain: string, key: string) => ({
      "okd-aws:routerShards": new SecretValue(shop(domain, key), shop(domain, "[secret]")),
    });
    expect(lines(value("a.example.com", "open"), value("b.example.com", "sesame"))).toEqual([
      "routerShards[shop].domain: a.example.com → b.example.com",
      "routerShards[shop].key: [secret] → [secret]",
    ]);
    // The later configuration no longer has the value, so nothing shows which of its parts were secret. All of it is masked.
    expect(lines(value("a.example.com", "open"), { "okd-aws:routerShards": "[]" })).toEqual(["routerShards: [secret] → []"]);
    expect(lines({ "okd-aws:routerShards": new SecretValue(shop("a.example.com", "open")) }, {})).toEqual([
      "routerShards[shop]: [secret] → not set",
    ]);
  });
});

test.each([
  ["both", "[secret]", '{"anna":"[secret]"}'],
  ["the earlier configuration", "[secret]", new SecretValue('{"anna":"open"}')],
  ["the later configuration", new SecretValue('{"anna":"open"}'), '{"anna":"[secret]"}'],
])("a secret whose value is unknown in %s is not a change, and is reported as unknown", (_, before, after) => {
  const [one, other] = [{ "okd-aws:htpasswdUsers": before }, { "okd-aws:htpasswdUsers": after }];
  expect(lines(one, other)).toEqual([]);
  expect(unknownChanges(one, other)).toEqual(["okd-aws:htpasswdUsers"]);
  expect(lines(one, {})).toEqual(["htpasswdUsers: [secret] → not set"]);
});
