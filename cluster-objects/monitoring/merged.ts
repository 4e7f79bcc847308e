import { Document, isMap, type YAMLMap } from "yaml";
import { parseYaml11 } from "../../lib/yaml-1.1";

/** Maps that are one setting: labels of the old and the new node selector together would fit no node. */
const WHOLE = ["nodeSelector"];

/**
 * A text of YAML 1.1 with additional fields. Maps are merged; any other value of `own` replaces the one in the text. Comments and all other
 * values stay as they are.
 *
 * @throws Error if the text is neither empty nor a YAML map; it does not quote the text
 */
export function mergedConfig(text: string, own: object): string {
  const document = parseYaml11(text);
  if (document.contents === null) return written(new Document(own, { version: "1.1" }));
  if (!isMap(document.contents)) throw new Error("it is not a YAML map");
  merge(document, document.contents, own);
  return written(document);
}

function merge(document: Document.Parsed, map: YAMLMap, own: object): void {
  for (const [key, value] of Object.entries(own) as [string, unknown][]) {
    const before: unknown = map.get(key, true);
    if (isMap(before) && isPlainMap(value) && !WHOLE.includes(key)) merge(document, before, value);
    else map.set(key, document.createNode(value));
  }
}

function isPlainMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text without folded lines. */
function written(document: Document): string {
  return document.toString({ lineWidth: 0 });
}
