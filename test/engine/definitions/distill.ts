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

/** The definitions that `cluster-objects/schema/check.ts` reads: the fields of objects, without descriptions. */
export interface Definitions {
  readonly kinds: Readonly<Record<string, Schema>>;
  /** Schemas that several kinds share, by Kubernetes' name. */
  readonly shared: Readonly<Record<string, Schema>>;
}

/** Keywords that restrict values. The other keywords describe, or are rules in Kubernetes' own expression language. */
const kept = ["type", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "required", "nullable"];

/** Extracts the schemas of some kinds from an API server's documents. It omits the status, which the cluster writes. */
export function distill(documents: readonly OpenApi[], kinds: readonly string[]): Definitions {
  const schemas = Object.fromEntries(documents.flatMap(({ components }) => Object.entries(components?.schemas ?? {}))) as Partial<
    Record<string, Schema>
  >;
  const shared: Record<string, Schema> = {};
  const share = (name: string): string => {
    if (!(name in shared)) {
      shared[name] = {}; // Set before the recursion, because a schema may contain itself.
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

/**
 * Reduces a schema to the keywords that restrict values.
 * @param structural whether the schema lists all fields; inside `anyOf` or `oneOf` a schema only restricts fields
 */
function distillSchema(schema: Schema, share: (name: string) => string, structural = true): Schema {
  if (typeof schema.$ref === "string") return { $ref: share(schema.$ref.replace("#/components/schemas/", "")) };
  const inner = (value: unknown) => distillSchema(value as Schema, share, structural);
  const within = (value: unknown) => (value as Schema[]).map((each) => distillSchema(each, share, false));
  const all = (schema.allOf ?? []) as Schema[];
  // A reference to a shared schema, wrapped so that it can have a description.
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

/**
 * A choice of schemas. If the schemas differed only in keywords that are not kept, such as a format, they are now equal. Then the choice is
 * dropped: with `oneOf`, a value must not match several schemas.
 */
function choice(keyword: "anyOf" | "oneOf", forms: readonly Schema[] | undefined): Schema {
  if (forms === undefined) return {};
  const different = new Set(forms.map((form) => JSON.stringify(form)));
  return forms.length > 1 && different.size === 1 ? {} : { [keyword]: forms };
}

/**
 * Whether a pattern means the same in JavaScript and in Go. Patterns with inline flags, or with brackets that begin with a bracket, do not.
 */
function isPortable(pattern: unknown): boolean {
  return typeof pattern === "string" && !/\(\?[a-z]|\[\^?\]/.test(pattern);
}
