/** Stands for what a preview can't know yet: an identifier that AWS gives, or what follows from one. */
export const unknown = Symbol("unknown");

/** A property's value in plain form. */
export type Value = string | number | boolean | null | undefined | typeof unknown | readonly Value[] | { readonly [key: string]: Value };

/** An object's values by key; undefined for whatever else. */
export function object(value: Value): Readonly<Record<string, Value>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, Value>>) : undefined;
}

/** A list's items; a single value, as JSON policies have it in a list's place, is a list of one. None when it isn't known. */
export function list(value: Value): readonly Value[] {
  if (value === undefined || value === null || value === unknown) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** The texts of a list, or of one value in its place. */
export function texts(value: Value): string[] {
  return list(value).filter((item) => typeof item === "string");
}

/** The value of a path of keys; unknown as soon as something on the way is. */
export function at(value: Value, ...path: readonly string[]): Value {
  let found = value;
  for (const key of path) {
    if (found === unknown) return unknown;
    found = object(found)?.[key];
  }
  return found;
}

/** Whether nothing of a value is left open. */
export function isKnown(value: Value): boolean {
  if (value === unknown) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value as Readonly<Record<string, Value>>).every(isKnown);
}

/** A flag, which providers also take as a text; undefined when it is neither. */
export function flag(value: Value): boolean | undefined {
  return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
}

/**
 * Copies what the engine hands to a policy: a proxy in which reading a value that isn't known throws, and a list's own methods fail.
 *
 * @param given an object or list, or what is in one.
 */
export function plain(given: unknown): Value {
  if (Array.isArray(given)) return Array.from({ length: given.length }, (_, index) => read(given, index));
  if (typeof given === "object" && given !== null) return Object.fromEntries(Object.keys(given).map((key) => [key, read(given, key)]));
  return given as Value;
}

function read(container: object, key: string | number): Value {
  let value: unknown;
  try {
    value = (container as Record<string | number, unknown>)[key];
  } catch (error) {
    // The SDK's class isn't exported (pulumi/pulumi-policy, `sdk/nodejs/policy/proxy.ts`: UnknownValueError).
    if (error instanceof Error && "unknownTypeSentinel" in error) return unknown;
    throw error;
  }
  return plain(value);
}

/** A value for people. */
export function shown(value: Value): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "object" ? "something else" : String(value);
}
