import type { Resource } from "../../lib/pulumi/resource";
import { costsNothing } from "../../tools/cost/free-types";
import type { Preview, StepState, EngineStep } from "../../lib/pulumi/change";

/** Maximum length of a text in characters: policies are shorter and stay complete, programs are longer and are cut. */
const MAX_CHARACTERS = 2000;

/** The Pulumi engine's mark of an encrypted value in an export (pulumi/pulumi, `sdk/go/common/resource/sig/sig.go`). */
const secretMark = "4dabf18193072939515e22adb298388d";

/** Patterns of values that differ each time the stack is created, and their replacements. */
const chance: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z]+(?:-attach|-assoc)?)-[0-9a-f]{17}\b/g, "$1-00000000000000000"],
  [
    /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b(?<!04da6b54-80e4-46f7-96ec-b56ff0331ba9)/g,
    "00000000-0000-4000-8000-000000000000",
  ],
  [/\bZ[A-Z0-9]{12,31}\b/g, "Z0000000000000"],
  [/:secret:([\w-]+)-[A-Za-z0-9]{6}\b/g, ":secret:$1-000000"],
  [/\/(net|app)\/([\w-]+)\/[0-9a-f]{16}/g, "/$1/$2/0000000000000000"],
  [/targetgroup\/([\w-]+)\/[0-9a-f]{16}/g, "targetgroup/$1/0000000000000000"],
];

/** The part of a preview that fixtures contain: the steps that change something, their inputs, and the errors. */
export function trimmedPreview(preview: Preview, infraId: string): Preview {
  const steps = (preview.steps ?? []).filter(
    ({ op, newState, oldState }) => !["same", "read"].includes(op) && (newState ?? oldState)?.custom === true,
  );
  return plain(
    {
      config: { "aws:region": preview.config?.["aws:region"] },
      steps: steps.map(trimmedStep),
      diagnostics: (preview.diagnostics ?? []).filter(({ severity }) => severity === "error"),
    },
    infraId,
  );
}

/** The resources of the state (`pulumi stack export`) that can cost something. */
export function trimmedState(resources: readonly Resource[], infraId: string): Resource[] {
  const costing = resources.filter(({ type }) => !costsNothing(type) || /^(okd:installer:Installation$|kubernetes:)/.test(type));
  return plain(
    costing.map(({ type, urn, inputs }) => ({ type, urn, inputs: trimmed(inputs) as Resource["inputs"] })),
    infraId,
  );
}

function trimmedStep({ op, urn, oldState, newState, diffReasons, replaceReasons, detailedDiff }: EngineStep): EngineStep {
  return {
    op,
    urn,
    ...(oldState && { oldState: trimmedSide(oldState) }),
    ...(newState && { newState: trimmedSide(newState) }),
    ...(diffReasons && { diffReasons }),
    ...(replaceReasons && { replaceReasons }),
    ...(detailedDiff && { detailedDiff }),
  };
}

function trimmedSide({ urn, type, custom, protect, inputs = {} }: StepState): StepState {
  return {
    ...(urn !== undefined && { urn }),
    type,
    ...(custom !== undefined && { custom }),
    ...(protect !== undefined && { protect }),
    inputs: trimmed(inputs) as StepState["inputs"] & object,
  };
}

function trimmed(value: unknown): unknown {
  if (typeof value === "string") return value.length > MAX_CHARACTERS ? `${value.slice(0, 40)}…` : value;
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (key.startsWith("__") ? [] : [[key, trimmed(each)]])));
}

/** Replaces random values with fixed names. */
export function plain<Value>(value: Value, infraId: string): Value {
  const text = chance.reduce((rest, [pattern, place]) => rest.replaceAll(pattern, place), JSON.stringify(value));
  return JSON.parse(text.replaceAll(infraId, "dev-12345")) as Value;
}
