import { isArchive, isAsset, isEqual, isList, isObject, isPresent, isSecret, type Properties, type Value } from "./value";

/** The kind of a property's change, as the Pulumi engine names it (`PropertyDiff.Kind`, without the replacing kinds). */
export type Kind = "add" | "delete" | "update";

/** The changed leaves of a resource's inputs, by property path (`environment.HOME`, `triggers[0]`). */
export type Difference = ReadonlyMap<string, Kind>;

/** Whether the Pulumi engine compares a value's members. Secrets, assets and archives are compared as wholes. */
function isOpen(value: Value | undefined): value is Readonly<Record<string, Value>> {
  return isObject(value) && !isSecret(value) && !isAsset(value) && !isArchive(value);
}

/** Appends a step to a property path in the Pulumi engine's notation: names with characters other than letters, digits and `_` are in brackets. */
function step(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function collect(path: string, old: Value | undefined, next: Value | undefined, into: Map<string, Kind>): void {
  if (isList(old) && isList(next)) {
    for (let index = 0; index < Math.max(old.length, next.length); index++) {
      const at = step(path, index);
      if (index >= old.length) into.set(at, "add");
      else if (index >= next.length) into.set(at, "delete");
      else collect(at, old[index], next[index], into);
    }
  } else if (isOpen(old) && isOpen(next)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) collect(step(path, key), old[key], next[key], into);
  } else if (!isEqual(old, next)) {
    into.set(path, !isPresent(old) ? "add" : !isPresent(next) ? "delete" : "update");
  }
}

/**
 * Compares the inputs recorded in a resource's state with the new inputs, one by one. Rules (pulumi-go-provider,
 * `infer/resource.go`, function `diff`, as of 1.1.2): properties in the state that are not inputs are not compared.
 * Ignored changes, and names that begin with two underscores, are treated as unchanged.
 */
export function difference(names: readonly string[], state: Properties, inputs: Properties, ignored: readonly string[] = []): Difference {
  const changes = new Map<string, Kind>();
  for (const name of names) {
    if (!ignored.includes(name)) collect(name, state[name], inputs[name], changes);
  }
  return changes;
}
