import { z } from "zod";
import { describeKey, KEY_NAMES, PROJECT, schema } from "./schema";

/** What `pulumi config set --secret` leaves in a stack file. */
const ENCRYPTED = { type: "object", properties: { secure: { type: "string" } }, required: ["secure"], additionalProperties: false };

/**
 * The JSON schema of a stack file, for editors: put `# yaml-language-server: $schema=docs/configuration.schema.json` at the head of
 * `Pulumi.<stack>.yaml`. It knows types and limits of single keys; the rules between keys are the parser's.
 */
export function renderJsonSchema(): string {
  const { properties } = z.toJSONSchema(schema, { io: "input" });
  const keys = KEY_NAMES.map((name) => {
    const { description, example, secret, type } = describeKey(name);
    const parsed: unknown = type === "string" ? example : JSON.parse(example);
    const about = { description, examples: [parsed] };
    const value = properties?.[name] as object;
    if (secret && type === "object") return [`${PROJECT}:${name}`, { ...about, type: "object", additionalProperties: ENCRYPTED }] as const;
    return [`${PROJECT}:${name}`, secret ? { ...about, anyOf: [value, ENCRYPTED] } : { ...about, ...value }] as const;
  });
  const region = {
    type: "string",
    description: "Region in which the cluster is made; the AWS provider's own key. Required.",
    examples: ["us-east-1"],
  };
  const document = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Stack file of ${PROJECT}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: { "aws:region": region, ...Object.fromEntries(keys) },
        // Keys of other namespaces are the providers' own.
        patternProperties: { [`^(?!${PROJECT}:)[^:]+:`]: true },
        additionalProperties: false,
        required: ["aws:region", ...KEY_NAMES.filter((name) => describeKey(name).required).map((name) => `${PROJECT}:${name}`)],
      },
    },
  };
  return `${layOut(document)}\n`;
}

/** Columns of a line, as in .prettierrc.json. */
const WIDTH = 140;

/** A list of scalars as JSON.stringify writes it, with what stands before it on its line. */
const FLAT_LIST = /^( *(?:"[^"]+": )?)\[\n((?: *(?:"(?:[^"\\]|\\.)*"|[\w.+-]+),?\n)+) *\](,?)$/gm;
const LIST_OF_FLAT_LIST = /\[\n *(\[[^\n{}]*\])\n *\]/g;

/** JSON as prettier writes it: a list of scalars, or of one such list, stands on one line where it fits. */
function layOut(document: unknown): string {
  return JSON.stringify(document, null, 2)
    .replaceAll(FLAT_LIST, (block, start: string, items: string, comma: string) => {
      const line = `${start}[${items.trim().replaceAll(/,\n */g, ", ")}]${comma}`;
      return line.length <= WIDTH ? line : block;
    })
    .replaceAll(LIST_OF_FLAT_LIST, "[$1]");
}
