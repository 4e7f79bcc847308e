import { type Document, isMap, isSeq, YAMLMap, type YAMLSeq } from "yaml";
import { nodeOf, parseYaml11, writeYaml11 } from "../../lib/yaml-1.1";

/** Maps that are replaced as a whole and not merged: no node would have the labels of both the old and the new node selector. */
const WHOLE = ["nodeSelector"];

/** Lists that get additional items. An item of the same name is replaced. */
const APPENDED = ["remoteWrite"];

/**
 * A text of YAML 1.1 with the additional fields of `own`. Maps are merged, except for node selectors, which are replaced. Remote writes are added.
 * Any other value of `own` replaces the value in the text. Comments and all other values stay as they are.
 *
 * @throws Error if the text is neither empty nor a YAML map, or has aliases; it does not quote the text
 */
export function mergedConfig(text: string, own: object): string {
  const document: Document = parseYaml11(text);
  // A text without a YAML value may contain comments, which must stay.
  document.contents ??= new YAMLMap(document.schema);
  if (!isMap(document.contents)) throw new Error("it is not a YAML map");
  merge(document, document.contents, own);
  return writeYaml11(document);
}

function merge(document: Document, map: YAMLMap, own: object): void {
  for (const [key, value] of Object.entries(own) as [string, unknown][]) {
    const before: unknown = map.get(key, true);
    if (isMap(before) && isPlainMap(value) && !WHOLE.includes(key)) merge(document, before, value);
    else if (isSeq(before) && Array.isArray(value) && APPENDED.includes(key)) append(document, before, value as Named[]);
    else map.set(key, nodeOf(document, value));
  }
}

interface Named {
  readonly name: string;
}

function append(document: Document, list: YAMLSeq, own: readonly Named[]): void {
  const others = list.items.filter((item) => !isMap(item) || own.every(({ name }) => name !== item.get("name")));
  list.items = [...others, ...own.map((each) => nodeOf(document, each))];
}

function isPlainMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
