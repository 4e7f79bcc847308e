import { phaseOf } from "../driver/phases";
import { changedPaths, holdsUnknown } from "./changed-paths";
import { resourceName, typesOf } from "../../lib/pulumi/urn";
import type { Preview, ResourceProperties, StepState, EngineStep } from "../../lib/pulumi/change";
import { forcesReplacement, isInsideProperty } from "./forcing";

/** The result of comparing two commits. */
export interface CommitDifference {
  /** The differences in the form of the Pulumi engine's previews, so that the same code reads both. */
  readonly plan: Preview;
  /** URNs of resources whose differences affect only clusters that are installed later. */
  readonly installationOnly: readonly string[];
}

/**
 * Whether a resource belongs to the installation or the bootstrap: an installed cluster ignores all changes of these
 * resources (docs/decisions/0002-installer-assets-made-once.md).
 */
const installs = (urn: string): boolean =>
  phaseOf(urn) === "bootstrap" || typesOf(urn).includes("okd:installer:Installation") || /-bootstrap(-|$)/.test(resourceName(urn));
/**
 * Whether a resource is a wait of the installation. Such waits are left out: a preview on an empty stack always has them, and they differ
 * in each run.
 */
const waits = (urn: string): boolean => phaseOf(urn) === "installation";

/** Types of resources whose outputs become unknown in the preview of an update. The other providers keep the known outputs. */
const outputsUnknownOnUpdate = /^(pulumi-nodejs:dynamic\/|command:)/;

/**
 * The plan for the change from one commit to another. `base` and `head` are the previews of the two commits' programs on an empty stack, so
 * each shows all resources that the program declares. Resources are matched by URN and by the aliases in `head`.
 */
export function planBetween(base: Preview, head: Preview): CommitDifference {
  const before = desiredStates(base);
  const after = desiredStates(head);
  const matched = new Map([...after].map(([urn, state]) => [urn, matchOf(urn, state, before)]));
  const renamed = new Map([...matched].flatMap(([urn, old]) => (old === undefined ? [] : [[old, urn] as const])));
  const differences = new Map<string, Difference>();
  const installationOnly: string[] = [];
  // A preview lists resources after their dependencies, so one pass is enough.
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
  const all: EngineStep[] = [
    ...[...after].map(([urn, newState]) => stepOf(urn, before.get(matched.get(urn) ?? ""), newState, differences.get(urn))),
    ...[...before].flatMap(([urn, oldState]): EngineStep[] => (renamed.has(urn) ? [] : [{ op: "delete", urn, oldState }])),
  ];
  const steps = all.filter(({ op, urn }) => op === "same" || !installs(urn));
  const failures = (base.diagnostics ?? []).filter(({ severity }) => severity === "error"); // The base's warnings are left out, because they concern code that the head replaces.
  const diagnostics = [...failures, ...(head.diagnostics ?? [])];
  return { plan: { ...(head.config && { config: head.config }), steps, diagnostics }, installationOnly: installationOnly.sort() };
}

interface Difference {
  readonly fields: readonly string[];
  /** The fields that force a replacement. */
  readonly forcing: readonly string[];
}
type Differences = ReadonlyMap<string, Difference>;
/** URN in `head` of each renamed resource, by its URN in `base`. */
type Renamed = ReadonlyMap<string, string>;

function desiredStates({ steps = [] }: Preview): Map<string, StepState> {
  return new Map(steps.flatMap(({ op, urn, newState }) => (newState === undefined || op === "read" ? [] : [[urn, newState] as const])));
}

function matchOf(urn: string, { aliases = [] }: StepState, before: ReadonlyMap<string, StepState>): string | undefined {
  return [urn, ...aliases].find((each) => before.has(each));
}

/** The changed fields of a resource: fields with another value, and fields that are computed from resources that have changed. */
function differenceOf(old: StepState, state: StepState, renamed: Renamed, differences: Differences): Difference | undefined {
  const { type, inputs = {}, propertyDependencies = {}, ignoreChanges = [], replaceOnChanges = [] } = state;
  const computed = Object.entries(propertyDependencies)
    .filter(([property]) => holdsUnknown(inputs[property]))
    .filter(([property, sources]) => {
      const now = new Set(sources ?? []);
      const then = new Set((old.propertyDependencies?.[property] ?? []).map((urn) => renamed.get(urn) ?? urn));
      return now.size !== then.size || [...now].some((urn) => !then.has(urn) || hasNewOutputs(urn, differences));
    })
    .map(([property]) => property);
  // If the provider chose a value for both commits, such as a name with a random suffix, an update keeps the value in the state. So it is
  // not a change.
  const chosen = defaultsOf(inputs).filter((property) => defaultsOf(old.inputs ?? {}).includes(property));
  const fields = [...new Set([...changedPaths(old.inputs ?? {}, inputs), ...computed])].filter(
    (path) => ![...ignoreChanges, ...chosen].some((property) => isInsideProperty(path, property)),
  );
  if (fields.length === 0) return undefined;
  const forcing = fields.filter(
    (path) =>
      forcesReplacement(type, path) === true || replaceOnChanges.some((property) => property === "*" || isInsideProperty(path, property)),
  );
  return { fields: fields.sort(), forcing: forcing.sort() };
}

function defaultsOf({ __defaults: names }: ResourceProperties): readonly string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** Whether the resource, which both commits declare, gets other outputs because of its change. */
function hasNewOutputs(urn: string, differences: Differences): boolean {
  const difference = differences.get(urn);
  return difference !== undefined && (difference.forcing.length > 0 || outputsUnknownOnUpdate.test(typesOf(urn).at(-1) ?? ""));
}

function stepOf(urn: string, oldState: StepState | undefined, newState: StepState, difference: Difference | undefined): EngineStep {
  if (oldState === undefined) return { op: "create", urn, newState };
  const states = { urn, oldState, newState };
  if (difference === undefined) return { op: "same", ...states };
  const { fields, forcing } = difference;
  return forcing.length > 0 ? { op: "replace", ...states, replaceReasons: forcing } : { op: "update", ...states, diffReasons: fields };
}
