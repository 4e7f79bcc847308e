import { DEFAULT_SCHEMA, dump, Type } from "js-yaml";

/**
 * Texts that a YAML 1.1 parser may read as a number: a digit after any signs, dots and underscores. js-yaml follows YAML 1.2, so by default
 * it leaves `1234_5678`, `0X1F`, `0O14`, `+.5` and `+_90e5` unquoted, but Go's parser reads them as 12345678, 31, 12, 0.5 and 9000000:
 * after a sign or a digit it drops all underscores (kubernetes-sigs/yaml, goyaml.v2/resolve.go).
 */
const number = new Type("tag:yaml.org,2002:number-of-yaml-1.1", { kind: "scalar", resolve: (text: string) => /^[-+._]*[0-9]/.test(text) });

const schema = DEFAULT_SCHEMA.extend({ implicit: [number] });

/**
 * Writes YAML that every parser reads back unchanged: OpenShift is written in Go and reads YAML 1.1. Keys and texts are quoted if either
 * version of YAML would read them as something else. Lines are not folded, and there are no anchors.
 */
export function toYaml(value: unknown): string {
  return dump(value, { schema, lineWidth: -1, noRefs: true });
}
