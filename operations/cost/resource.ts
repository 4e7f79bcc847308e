/** A resource as `pulumi stack export` and the steps of `pulumi preview --json` have it. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** None while it isn't made. */
  readonly id?: string;
  /** URNs of what each input comes from; known before the input itself is. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

type Json = Readonly<Record<string, unknown>>;

/** What stands before a plan, and what after it. */
export interface Planned {
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
}

/** Steps after which a resource is not there any more. A replacement deletes and creates; its creating step has the new state. */
const DELETING = new Set(["delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"]);

/** The resources of a `pulumi stack export`. One that waits for its deletion, half replaced, is AWS's for some minutes more only. */
export function resourcesOfExport(exported: unknown): Resource[] {
  const deployment = record(record(exported)?.deployment);
  if (deployment === undefined) throw new Error("this is no output of pulumi stack export: it has no deployment");
  return list(deployment.resources).flatMap((state) => (record(state)?.delete === true ? [] : resource(state)));
}

/**
 * What stands before and after the plan that `pulumi preview --json` printed. Steps that change nothing are not in it (but with --show-sames), so without
 * the state both sides have only what changes; their difference is right nevertheless.
 */
export function resourcesOfPlan(plan: unknown, state: readonly Resource[] = []): Planned {
  const steps = record(plan)?.steps;
  if (!Array.isArray(steps)) throw new Error("this is no output of pulumi preview --json: it has no steps");
  const before = new Map(state.map((one) => [one.urn, one]));
  const after = new Map(before);
  const created = new Set<string>();
  for (const given of steps) {
    const step = record(given) ?? {};
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

/** The region that the stack's AWS provider works in, if one says it. */
export function regionOf(resources: readonly Resource[]): string | undefined {
  const regions = resources.filter(({ type }) => type === "pulumi:providers:aws").flatMap(({ inputs }) => text(inputs.region) ?? []);
  return regions.at(0);
}

/** The region of the configuration that a preview was made with, for plans in which no provider says it. */
export function regionOfConfiguration(plan: unknown): string | undefined {
  return text(record(record(plan)?.config)?.["aws:region"]);
}

function resource(state: unknown): Resource[] {
  const { type, urn, inputs, outputs, external, id, propertyDependencies } = record(state) ?? {};
  // What is read only is somebody else's, or is made because of a resource of the stack's.
  if (external === true) return [];
  if (typeof type !== "string" || typeof urn !== "string") return [];
  return [
    {
      ...{ type, urn, inputs: record(inputs) ?? {}, outputs: record(outputs) ?? {} },
      ...(typeof id === "string" && id !== "" && { id }),
      propertyDependencies: Object.fromEntries(
        Object.entries(record(propertyDependencies) ?? {}).map(([name, urns]) => [name, list(urns).map(String)]),
      ),
    },
  ];
}

/** An unknown of a preview is a text (this id), whatever it will be; so a list or a number that isn't known yet is just none. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const text = (value: unknown): string | undefined => (typeof value === "string" && value !== UNKNOWN ? value : undefined);
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const record = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

/** A whole number; the engine's states write some numbers as texts. */
export function whole(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** A property as it is wanted, or, where nothing is wanted, as it is. */
export function property({ inputs, outputs }: Resource, name: string): unknown {
  return inputs[name] ?? outputs?.[name];
}
