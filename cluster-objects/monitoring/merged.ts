import { DEFAULT_SCHEMA, load, Type } from "js-yaml";
import { toYaml } from "../../lib/yaml";

type Fields = Readonly<Record<string, unknown>>;

/** The operator reads YAML 1.1, in which these words are booleans, too (kubernetes-sigs/yaml, `goyaml.v2/resolve.go`, master). */
const YES = /^(?:y|Y|yes|Yes|YES|on|On|ON)$/;
const NO = /^(?:n|N|no|No|NO|off|Off|OFF)$/;
const boolean = new Type("tag:yaml.org,2002:bool-of-yaml-1.1", {
  kind: "scalar",
  resolve: (text: string | null) => text !== null && (YES.test(text) || NO.test(text)),
  construct: (text: string) => YES.test(text),
});
const schema = DEFAULT_SCHEMA.extend({ implicit: [boolean] });

/**
 * A text of YAML with additional fields. Maps are merged; any other value of `own` replaces the one in the text.
 *
 * @throws Error if the text is neither empty nor a YAML map
 */
export function mergedConfig(text: string, own: object): string {
  return toYaml(merge(fieldsIn(text), own as Fields));
}

function fieldsIn(text: string): Fields {
  const content = load(text, { schema }) ?? {};
  if (!isMap(content)) throw new Error("it is not a YAML map");
  return content;
}

function merge(base: Fields, over: Fields): Fields {
  const merged = Object.entries(over).map(([key, value]) => {
    const before = base[key];
    return [key, isMap(before) && isMap(value) ? merge(before, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
