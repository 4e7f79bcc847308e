import { z } from "zod";
import { describeKey, KEY_NAMES, PROJECT, schema } from "./schema";

/** The form of a value in a stack file after `pulumi config set --secret`. */
const ENCRYPTED = { type: "object", properties: { secure: { type: "string" } }, required: ["secure"], additionalProperties: false };

/**
 * The JSON schema of a stack file, for editors: put `# yaml-language-server: $schema=docs/configuration.schema.json` at the start of
 * `Pulumi.<stack>.yaml`. It contains types and limits of single keys; rules that involve several keys are only in the program.
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
    description: "Required. Region of the cluster; a key of the AWS provider.",
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
        // Keys in other namespaces belong to providers.
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

/** A list of scalars in the output of JSON.stringify, with the text before it on its line. */
const FLAT_LIST = /^( *(?:"[^"]+": )?)\[\n((?: *(?:"(?:[^"\\]|\\.)*"|[\w.+-]+),?\n)+) *\](,?)$/gm;
const LIST_OF_FLAT_LIST = /\[\n *(\[[^\n{}]*\])\n *\]/g;

/** Formats JSON like prettier: a list of scalars, or a list that contains only one such list, is on one line if it fits. */
function layOut(document: unknown): string {
  return JSON.stringify(document, null, 2)
    .replaceAll(FLAT_LIST, (block, start: string, items: string, comma: string) => {
      const line = `${start}[${items.trim().replaceAll(/,\n */g, ", ")}]${comma}`;
      return line.length <= WIDTH ? line : block;
    })
    .replaceAll(LIST_OF_FLAT_LIST, "[$1]");
}
