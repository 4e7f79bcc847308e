import { isEqual, isUnknown, UNKNOWN_VALUE, type Properties, type Value } from "./value";

/** The two kinds of step that return outputs. */
export type OutputStep = { readonly kind: "create" } | { readonly kind: "update"; readonly state: Properties };

/**
 * Marks the outputs that a preview can't know. At a creation: all outputs that don't repeat an input. At an update: the
 * same outputs, but only if an input is unknown or differs from the recorded input. Inputs that the old state doesn't
 * have are not compared. If nothing differs, outputs keep their values, so that dependent resources aren't previewed as
 * changed. Source: pulumi-go-provider, `infer/resource.go`, `markComputed`.
 */
export function previewed(outputs: Properties, inputs: Properties, names: readonly string[], step: OutputStep): Properties {
  const runs =
    step.kind === "create" ||
    names.some((name) => isUnknown(inputs[name]) || (name in step.state && !isEqual(inputs[name], step.state[name])));
  return mapped(outputs, (name, value) => (runs && !mirrors(name, value, inputs) ? UNKNOWN_VALUE : value));
}

function mirrors(name: string, value: Value, inputs: Properties): boolean {
  return name in inputs && isEqual(inputs[name], value);
}

function mapped(properties: Properties, change: (name: string, value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, change(name, value)]));
}
