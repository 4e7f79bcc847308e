import { phaseOf } from "../driver/phases";
import { changedPaths, holdsUnknown } from "./changed-paths";
import { nameOf, typesOf } from "../urn";
import type { Preview, Properties, State, Step } from "./change";
import { forcesReplacement, isWithin } from "./forcing";

/** What a comparison of two commits finds. */
export interface Between {
  /** In the form of the engine's own previews, so that everything that reads these reads it. */
  readonly plan: Preview;
  /** Differences in what only a cluster that is still to be installed would notice. */
  readonly installationOnly: readonly string[];
}

/** The installation's own steps and the machine that retires: a cluster that stands ignores every change of them (docs/decisions/0002-installer-assets-made-once.md). */
const installs = (urn: string): boolean =>
  phaseOf(urn) === "bootstrap" || typesOf(urn).includes("okd:installer:Installation") || /-bootstrap(-|$)/.test(nameOf(urn));
/** Its waits, which an empty stack has yet before it, and which are other ones in each run. */
const waits = (urn: string): boolean => phaseOf(urn) === "installation";

/** Resources whose outputs are anew unknown when they are updated; the providers of all others keep what they know. */
const unsettling = /^(pulumi-nodejs:dynamic\/|command:)/;

/**
 * The plan that leads from one commit to another: each side is the preview of its program on a stack that has nothing, which is what the program wants.
 * Resources are matched by URN, and by the aliases that the later side gives them.
 */
export function planBetween(base: Preview, head: Preview): Between {
  const before = desired(base);
  const after = desired(head);
  const matched = new Map([...after].map(([urn, state]) => [urn, matchOf(urn, state, before)]));
  const renamed = new Map([...matched].flatMap(([urn, old]) => (old === undefined ? [] : [[old, urn] as const])));
  const differences = new Map<string, Difference>();
  const installationOnly: string[] = [];
  // Resources are registered after what they depend on: one pass sees every consequence.
  for (const [urn, state] of after) {
    const old = before.get(matched.get(urn) ?? "");
    if (old === undefined || state.custom !== true || waits(urn)) continue;
    const difference = differenceOf(old, state, renamed, differences);
    if (difference === undefined) continue;
    if (installs(urn)) installationOnly.push(urn);
    else differences.set(urn, difference);
  }
  const single = [
    ...[...after.keys()].filter((urn) => matched.get(urn) === undefined),
    ...[...before.keys()].filter((urn) => !renamed.has(urn)),
  ];
  installationOnly.push(...single.filter(installs));
  const all: Step[] = [
    ...[...after].map(([urn, newState]) => stepOf(urn, before.get(matched.get(urn) ?? ""), newState, differences.get(urn))),
    ...[...before].flatMap(([urn, oldState]): Step[] => (renamed.has(urn) ? [] : [{ op: "delete", urn, oldState }])),
  ];
  const steps = all.filter(({ op, urn }) => op === "same" || !installs(urn));
  const failures = (base.diagnostics ?? []).filter(({ severity }) => severity === "error"); // its warnings are about what is replaced
  const diagnostics = [...failures, ...(head.diagnostics ?? [])];
  return { plan: { ...(head.config && { config: head.config }), steps, diagnostics }, installationOnly: installationOnly.sort() };
}

interface Difference {
  readonly fields: readonly string[];
  /** Of these, the ones that make another resource of it. */
  readonly forcing: readonly string[];
}
type Differences = ReadonlyMap<string, Difference>;
/** URNs of the later side by those of the earlier one. */
type Renamed = ReadonlyMap<string, string>;

function desired({ steps = [] }: Preview): Map<string, State> {
  return new Map(steps.flatMap(({ op, urn, newState }) => (newState === undefined || op === "read" ? [] : [[urn, newState] as const])));
}

function matchOf(urn: string, { aliases = [] }: State, before: ReadonlyMap<string, State>): string | undefined {
  return [urn, ...aliases].find((each) => before.has(each));
}

/** What changes of a resource: what is written differently, and what is made of resources that are other ones now. */
function differenceOf(old: State, state: State, renamed: Renamed, differences: Differences): Difference | undefined {
  const { type, inputs = {}, propertyDependencies = {}, ignoreChanges = [], replaceOnChanges = [] } = state;
  const made = Object.entries(propertyDependencies)
    .filter(([property]) => holdsUnknown(inputs[property]))
    .filter(([property, sources]) => {
      const now = new Set(sources ?? []);
      const then = new Set((old.propertyDependencies?.[property] ?? []).map((urn) => renamed.get(urn) ?? urn));
      return now.size !== then.size || [...now].some((urn) => !then.has(urn) || isUnsettled(urn, differences));
    })
    .map(([property]) => property);
  // What the provider chose itself on both sides, such as a name with an end by chance, stays in the state.
  const chosen = defaultsOf(inputs).filter((property) => defaultsOf(old.inputs ?? {}).includes(property));
  const fields = [...new Set([...changedPaths(old.inputs ?? {}, inputs), ...made])].filter(
    (path) => ![...ignoreChanges, ...chosen].some((property) => isWithin(path, property)),
  );
  if (fields.length === 0) return undefined;
  const forcing = fields.filter(
    (path) => forcesReplacement(type, path) === true || replaceOnChanges.some((property) => property === "*" || isWithin(path, property)),
  );
  return { fields: fields.sort(), forcing: forcing.sort() };
}

function defaultsOf({ __defaults: names }: Properties): readonly string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** Whether a resource that is on both sides has other outputs afterwards. */
function isUnsettled(urn: string, differences: Differences): boolean {
  const difference = differences.get(urn);
  return difference !== undefined && (difference.forcing.length > 0 || unsettling.test(typesOf(urn).at(-1) ?? ""));
}

function stepOf(urn: string, oldState: State | undefined, newState: State, difference: Difference | undefined): Step {
  if (oldState === undefined) return { op: "create", urn, newState };
  const states = { urn, oldState, newState };
  if (difference === undefined) return { op: "same", ...states };
  const { fields, forcing } = difference;
  return forcing.length > 0 ? { op: "replace", ...states, replaceReasons: forcing } : { op: "update", ...states, diffReasons: fields };
}
