/** The merge of this program's settings into the configuration file that the cluster already has. */
import { load } from "js-yaml";
import { mergedConfig } from "../../../../cluster-objects/monitoring/merged";

test.each([
  ["an empty text", "", { a: { b: 1 } }, { a: { b: 1 } }],
  ["a text with only a comment", "# none\n", { a: 1 }, { a: 1 }],
  ["other fields of the same map", "a: {b: 1, c: 2}\nd: 3\n", { a: { b: 9 } }, { a: { b: 9, c: 2 }, d: 3 }],
  ["a list, which is replaced", "a: [1, 2]\n", { a: [3] }, { a: [3] }],
  ["a value where a map is set", "a: off\n", { a: { b: 1 } }, { a: { b: 1 } }],
  ["a map that is missing", "d: 3\n", { a: { b: { c: 1 } } }, { a: { b: { c: 1 } }, d: 3 }],
])("settings are merged with %s", (_name, text, own, expected) => {
  expect(load(mergedConfig(text, own))).toEqual(expected);
});

test("a node selector is replaced, because no node would have the labels of both selectors", () => {
  const merged = mergedConfig("a: {nodeSelector: {role: old}, b: 1}\n", { a: { nodeSelector: { infra: "" } } });
  expect(load(merged)).toEqual({ a: { nodeSelector: { infra: "" }, b: 1 } });
});

test("remote writes are added to those that somebody has written, and a remote write of the same name is replaced", () => {
  const text = "prometheusK8s:\n  remoteWrite: # ours\n  - {name: theirs, url: x} # keep\n  - {name: own, url: old}\n  - {url: unnamed}\n";
  const merged = mergedConfig(text, { prometheusK8s: { remoteWrite: [{ name: "own", url: "new" }] } });
  expect(load(merged)).toEqual({
    prometheusK8s: { remoteWrite: [{ name: "theirs", url: "x" }, { url: "unnamed" }, { name: "own", url: "new" }] },
  });
  expect(merged).toContain("# keep");
});

test("the merge keeps the text of comments and of values that it does not change", () => {
  const text = `# by hand
a: yes # on
b:
  since: 2024-01-01
  mode: 0644
  limit: 18446744073709551615
  name: "on"
c: {d: n} # flow
`;
  expect(mergedConfig(text, { f: "1d" })).toBe(`${text.replace("{d: n}", "{ d: n }")}f: 1d\n`);
});

test("texts that YAML 1.1 would read as another type are quoted", () => {
  expect(mergedConfig("", { a: "on", b: "0644", c: "1_000", d: "30d" })).toBe('a: "on"\nb: "0644"\nc: "1_000"\nd: 30d\n');
});

test.each([
  ["a list", "- a\n", "it is not a YAML map"],
  ["a word", "none\n", "it is not a YAML map"],
  ["a bracket that is not closed", "a: 1\nb: [t0ken\n", "line 3 is not valid YAML (BAD_INDENT)"],
  ["a key that occurs twice", "a: t0ken\na: 2\n", "line 2 is not valid YAML (DUPLICATE_KEY)"],
  [
    "aliases, whose change would change other places",
    "a: &x {b: t0ken}\nc: *x\n",
    "it has YAML aliases (*name), which cannot be merged: write their values out",
  ],
  ["two documents", "a: t0ken\n---\nb: 1\n", "line 2 is not valid YAML (MULTIPLE_DOCS)"],
])("the merge refuses %s, and the message does not quote the text", (_name, text, message) => {
  expect(() => mergedConfig(text, { f: 1 })).toThrow(new Error(message));
});

test("a text with only a comment keeps the comment, and equal values are written out instead of as an alias", () => {
  const place = { nodeSelector: { infra: "" } };
  expect(mergedConfig("# by hand\n", { a: place, b: place })).toBe(
    '# by hand\n\na:\n  nodeSelector:\n    infra: ""\nb:\n  nodeSelector:\n    infra: ""\n',
  );
});
