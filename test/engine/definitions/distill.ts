/** Part of an OpenAPI document, as an API server publishes it for each group and version. */
export interface OpenApi {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}
type Schema = Readonly<Record<string, unknown>>;

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The definitions that `cluster-objects/schema/check.ts` reads: what an object's fields are, and nothing about what they mean. */
export interface Definitions {
  readonly kinds: Readonly<Record<string, Schema>>;
  /** What several kinds share, by the name that Kubernetes gives it. */
  readonly shared: Readonly<Record<string, Schema>>;
}

/** Keywords that say what is allowed. The rest describes, or is a rule in a language of Kubernetes' own. */
const kept = ["type", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "required", "nullable"];

/** Schemas of some kinds out of an API server's documents. A cluster's part of an object, its status, is left out. */
export function distill(documents: readonly OpenApi[], kinds: readonly string[]): Definitions {
  const schemas = Object.fromEntries(documents.flatMap(({ components }) => Object.entries(components?.schemas ?? {}))) as Partial<
    Record<string, Schema>
  >;
  const shared: Record<string, Schema> = {};
  const share = (name: string): string => {
    if (!(name in shared)) {
      shared[name] = {}; // first, since schemas may contain themselves
      shared[name] = distillSchema(schemas[name] ?? {}, share);
    }
    return `#/shared/${name}`;
  };
  const found = new Map<string, Schema | undefined>();
  for (const schema of Object.values(schemas))
    for (const { group, version, kind } of (schema?.["x-kubernetes-group-version-kind"] ?? []) as GroupVersionKind[])
      found.set(`${group === "" ? "" : `${group}/`}${version} ${kind}`, schema);
  const missing = kinds.filter((kind) => !found.has(kind));
  if (missing.length > 0) throw new Error(`the API server doesn't know ${missing.join(", ")}`);
  const chosen = kinds.map((kind) => {
    const properties = Object.fromEntries(Object.entries(found.get(kind)?.properties ?? {}).filter(([name]) => name !== "status"));
    return [kind, distillSchema({ ...found.get(kind), properties, required: undefined }, share)] as const;
  });
  return { kinds: Object.fromEntries(chosen), shared: Object.fromEntries(Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** @param structural whether the schema says which fields there are; within a choice of forms it only restricts them */
function distillSchema(schema: Schema, share: (name: string) => string, structural = true): Schema {
  if (typeof schema.$ref === "string") return { $ref: share(schema.$ref.replace("#/components/schemas/", "")) };
  const inner = (value: unknown) => distillSchema(value as Schema, share, structural);
  const within = (value: unknown) => (value as Schema[]).map((each) => distillSchema(each, share, false));
  const all = (schema.allOf ?? []) as Schema[];
  // A reference that something was said about.
  if (all.length === 1 && "$ref" in all[0]) return inner(all[0]);
  if (schema["x-kubernetes-int-or-string"] === true) return { type: ["integer", "string"] };
  const fields = schema.properties as Record<string, Schema> | undefined;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...Object.fromEntries(kept.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [keyword, schema[keyword]])),
    ...(isPortable(schema.pattern) && { pattern: schema.pattern }),
    ...(fields && { properties: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, inner(value)])) }),
    ...(schema.items !== undefined && { items: inner(schema.items) }),
    ...(typeof schema.additionalProperties === "object"
      ? { additionalProperties: inner(schema.additionalProperties) }
      : fields && structural && !open && { additionalProperties: false }),
    ...(all.length > 0 && { allOf: within(all) }),
    ...choice("anyOf", schema.anyOf === undefined ? undefined : within(schema.anyOf)),
    ...choice("oneOf", schema.oneOf === undefined ? undefined : within(schema.oneOf)),
    ...(schema.not !== undefined && { not: distillSchema(schema.not as Schema, share, false) }),
  };
}

/** A choice of forms. Where only what isn't kept told them apart, such as a format, nothing is left to choose, and every value would be of several. */
function choice(keyword: "anyOf" | "oneOf", forms: readonly Schema[] | undefined): Schema {
  if (forms === undefined) return {};
  const different = new Set(forms.map((form) => JSON.stringify(form)));
  return forms.length > 1 && different.size === 1 ? {} : { [keyword]: forms };
}

/** Whether a pattern means the same in JavaScript as in Go: flags within it and brackets that begin with a bracket don't. */
function isPortable(pattern: unknown): boolean {
  return typeof pattern === "string" && !/\(\?[a-z]|\[\^?\]/.test(pattern);
}
