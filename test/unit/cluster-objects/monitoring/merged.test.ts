/** Settings that are merged into a configuration file's own content. */
import { load } from "js-yaml";
import { mergedConfig } from "../../../../cluster-objects/monitoring/merged";

test.each([
  ["an empty text", "", { a: { b: 1 } }, { a: { b: 1 } }],
  ["a text with only a comment", "# none\n", { a: 1 }, { a: 1 }],
  ["other fields of the same map", "a: {b: 1, c: 2}\nd: 3\n", { a: { b: 9 } }, { a: { b: 9, c: 2 }, d: 3 }],
  ["a list, which is replaced", "a: [1, 2]\n", { a: [3] }, { a: [3] }],
  ["a value where a map is set", "a: off\n", { a: { b: 1 } }, { a: { b: 1 } }],
])("are merged with %s", (_name, text, own, expected) => {
  expect(load(mergedConfig(text, own))).toEqual(expected);
});

test("leave the booleans of YAML 1.1 booleans, and texts in quotes texts", () => {
  const merged = mergedConfig('a: yes\nb: Off\nc: "on"\nd: n\n', { e: 1 });
  expect(load(merged)).toEqual({ a: true, b: false, c: "on", d: false, e: 1 });
  expect(merged).toContain("c: 'on'");
});

test.each([
  ["a list", "- a\n"],
  ["a word", "none\n"],
])("are not merged with %s", (_name, text) => {
  expect(() => mergedConfig(text, { a: 1 })).toThrow("it is not a YAML map");
});

test("are not merged with a text that is not YAML", () => {
  expect(() => mergedConfig("a: [1\n", { a: 1 })).toThrow();
});
