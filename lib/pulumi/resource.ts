/** A resource in the form of `pulumi stack export` and of the steps of `pulumi preview --json`. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Undefined before the resource is created. */
  readonly id?: string;
  /** For each input, the URNs of the resources from which the input is computed. They are known before the input's value. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

type Json = Readonly<Record<string, unknown>>;

/** The resources before and after a plan. */
export interface Planned {
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
}

/** Steps after which a resource no longer exists. In a replacement the creating step has the new state. */
const DELETING = new Set(["delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"]);

/** The resources of a `pulumi stack export`. Replaced resources that wait for their deletion are left out. */
export function resourcesOfExport(exported: unknown): Resource[] {
  const deployment = recordValue(recordValue(exported)?.deployment);
  if (deployment === undefined) throw new Error("this is not the output of pulumi stack export: it has no deployment");
  return listValue(deployment.resources).flatMap((state) => (recordValue(state)?.delete === true ? [] : resource(state)));
}

/**
 * The resources before and after a plan from `pulumi preview --json`. Without --show-sames the plan contains no unchanged resources. Then, without
 * the state, both sides have only the changed resources; the difference between the sides is still right.
 */
export function resourcesOfPlan(plan: unknown, state: readonly Resource[] = []): Planned {
  const steps = recordValue(plan)?.steps;
  if (!Array.isArray(steps)) throw new Error("this is not the output of pulumi preview --json: it has no steps");
  const before = new Map(state.map((one) => [one.urn, one]));
  const after = new Map(before);
  const created = new Set<string>();
  for (const given of steps) {
    const step = recordValue(given) ?? {};
    const urn = String(step.urn);
    for (const old of resource(step.oldState)) if (!before.has(urn)) before.set(urn, old);
    if (DELETING.has(String(step.op))) {
      if (!created.has(urn)) after.delete(urn);
    } else {
      for (const next of resource(step.newState)) after.set(urn, next);
      created.add(urn);
    }
  }
  return { before: [...before.values()], after: [...after.values()] };
}

/** The region of the first AWS provider of the stack that has one; undefined if none has. */
export function regionOf(resources: readonly Resource[]): string | undefined {
  const regions = resources.filter(({ type }) => type === "pulumi:providers:aws").flatMap(({ inputs }) => textValue(inputs.region) ?? []);
  return regions.at(0);
}

/** The region in a preview's configuration, for plans in which no provider has a region. */
export function regionOfConfiguration(plan: unknown): string | undefined {
  return textValue(recordValue(recordValue(plan)?.config)?.["aws:region"]);
}

function resource(state: unknown): Resource[] {
  const { type, urn, inputs, outputs, external, id, propertyDependencies } = recordValue(state) ?? {};
  // The stack does not own a resource that the Pulumi engine only reads: it belongs to somebody else, or AWS made it for a resource of the stack.
  if (external === true) return [];
  if (typeof type !== "string" || typeof urn !== "string") return [];
  return [
    {
      ...{ type, urn, inputs: recordValue(inputs) ?? {}, outputs: recordValue(outputs) ?? {} },
      ...(typeof id === "string" && id !== "" && { id }),
      propertyDependencies: Object.fromEntries(
        Object.entries(recordValue(propertyDependencies) ?? {}).map(([name, urns]) => [name, listValue(urns).map(String)]),
      ),
    },
  ];
}

/** In a preview an unknown value is this string, whatever its type. So an unknown list counts as empty, and an unknown value of another type as undefined. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const textValue = (value: unknown): string | undefined => (typeof value === "string" && value !== UNKNOWN ? value : undefined);
export const listValue = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const recordValue = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

/** A whole number; the state contains some numbers as strings. */
export function wholeNumberValue(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** A property's input, or, if there is none, its output. */
export function propertyValue({ inputs, outputs }: Resource, name: string): unknown {
  return inputs[name] ?? outputs?.[name];
}
