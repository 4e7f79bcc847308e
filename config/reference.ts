import { z } from "zod";
import { describeKey, type Key, type KeyName, PROJECT, SECTIONS, shapesOf } from "./schema";

const HEAD = `<!-- Made by config/generate.ts from the schema in config/: change it there, then run "make docs". -->

# Configuration

One stack is one cluster; \`Pulumi.<stack>.yaml\` holds its configuration. A key is set with \`pulumi config set <key> <value>\`, an entry of a list or a map with
\`pulumi config set --path '<key>[0]' <value>\` or \`--path '<key>.<name>' <value>\`, a secret with \`pulumi config set --secret <key> < file\`. \`examples/\` has a stack file for each topology.

The region is the AWS provider's own key: \`pulumi config set aws:region us-east-1\`.

Everything is checked before anything is created, and all problems are reported together, each with the value, what is allowed and a fix; a key that doesn't exist is refused with the
nearest one that does. The engine checks the declared types first, and reports the first key whose type is wrong. An empty value counts as not set, and a key that has its default as not set too.

Editors that know the YAML language server complete and check stack files that start with \`# yaml-language-server: $schema=docs/configuration.schema.json\`.
`;

/** What no single key's row can say. */
const TOPOLOGIES = `
## Topologies

| topology | keys |
|---|---|
| highly available | \`masterCount\` 3, \`workerCount\` 2 or more, three zones |
| compact | \`masterCount\` 3, \`workerCount\` 0: masters are schedulable |
| single node | \`masterCount\` 1, \`workerCount\` 0; a type with 8 vCPU |
| private | \`publish\` Internal: no public load balancer, no public records, bootstrap in a private subnet; reach it from the VPC, a VPN or a peering |
| existing VPC | \`vpcId\`, \`privateSubnetIds\`, \`publicSubnetIds\` (not with Internal), \`machineCidr\` |
| no NAT | \`natGateways\` none with \`httpsProxy\`, or with \`releaseImage\` in a mirror and \`vpcEndpoints\` ec2 and elasticloadbalancing |

A new VPC is divided into sixteen equal blocks: the first three are the zones' public subnets, the next three their private ones, ten stay free. Room is always kept for three zones, so a zone
added at the end of \`zones\` moves nothing.
`;

/** The text of docs/configuration.md. */
export function renderReference(): string {
  const sections = Object.entries(SECTIONS).map(([title, keys]) => {
    const rows = Object.keys(keys).map((name) => row(describeKey(name as KeyName)));
    return [
      `\n## ${title}\n`,
      "| key | type | default | allowed | meaning |",
      "|---|---|---|---|---|",
      ...rows,
      "",
      ...(Object.keys(keys) as KeyName[]).flatMap(fields),
      ...details(Object.keys(keys) as KeyName[]),
    ].join("\n");
  });
  return `${HEAD}${TOPOLOGIES}${sections.join("\n")}`;
}

function row(key: Key): string {
  const type = `${key.type}${key.secret ? ", secret" : ""}`;
  return `| \`${key.name}\` | ${type} | ${defaultOf(key)} | ${cell(key.allowed)} | ${cell(key.description)} |`;
}

function defaultOf(key: Key): string {
  if (key.required) return "**required**";
  const empty = key.default === "" || JSON.stringify(key.default) === "[]" || JSON.stringify(key.default) === "{}";
  return empty ? (key.whenEmpty ?? "empty") : `\`${String(key.default)}\`${key.unit === undefined ? "" : ` ${key.unit}`}`;
}

/** The fields of a key's records: a table for each shape. */
function fields(name: KeyName): string[] {
  return shapesOf(name).flatMap(({ when, shape }) => [
    `### ${name}${when === undefined ? "" : `, ${when}`}\n`,
    "| field | type | default | meaning |",
    "|---|---|---|---|",
    ...Object.entries(shape).map(([field, schema]) => fieldRow(field, schema)),
    "",
  ]);
}

function fieldRow(name: string, schema: z.ZodType): string {
  const { optional, byDefault, type } = fieldType(schema);
  const standard = byDefault === undefined ? (optional ? "none" : "**required**") : `\`${JSON.stringify(byDefault)}\``;
  return `| \`${name}\` | ${cell(type)} | ${standard} | ${cell(schema.description ?? "")} |`;
}

function fieldType(schema: z.ZodType): { readonly type: string; readonly optional: boolean; readonly byDefault?: unknown } {
  if (schema instanceof z.ZodOptional) return { ...fieldType(schema.unwrap() as z.ZodType), optional: true };
  if (schema instanceof z.ZodDefault) return { ...fieldType(schema.unwrap() as z.ZodType), byDefault: schema.parse(undefined) };
  return { type: typeOfField(schema), optional: false };
}

function typeOfField(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return (schema.options as string[]).map((word) => `\`${word}\``).join(", ");
  if (schema instanceof z.ZodLiteral) return `\`${String(schema.value)}\``;
  if (schema instanceof z.ZodNumber) return `whole number, ${schema.minValue} to ${schema.maxValue}`;
  if (schema instanceof z.ZodBoolean) return "true, false";
  if (schema instanceof z.ZodArray) return `list: ${typeOfField(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodRecord) return `map: ${typeOfField(schema.valueType as z.ZodType)}`;
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as Record<string, z.ZodType>)
      .map(([field, inner]) => `${field}${fieldType(inner).optional ? "?" : ""} (${fieldType(inner).type})`)
      .join(", ");
  return "text";
}

/** Example and source of each key: too wide for the table. */
function details(names: readonly KeyName[]): string[] {
  const lines = names.map(describeKey).map((key) => {
    const example = key.example.includes("\n") ? key.example.trim().split("\n")[0] : key.example;
    return `- \`${PROJECT}:${key.name}: ${example}\` (${key.source})`;
  });
  return ["<details><summary>Examples and where the rules come from</summary>", "", ...lines, "", "</details>", ""];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}
