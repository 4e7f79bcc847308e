/** Marks a value that a preview can't know yet, such as an ID from AWS. */
export const unknown = Symbol("unknown");

/** A property's value as JSON; {@link unknown} stands for a value that a preview can't know. */
export type PolicyValue =
  string | number | boolean | null | undefined | typeof unknown | readonly PolicyValue[] | { readonly [key: string]: PolicyValue };

/** An object's values by key; undefined for any other value. */
export function object(value: PolicyValue): Readonly<Record<string, PolicyValue>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, PolicyValue>>)
    : undefined;
}

/** A list's items. A single value, which JSON policies allow instead of a list, is a list of one. Empty if unknown. */
export function valuesIn(value: PolicyValue): readonly PolicyValue[] {
  if (value === undefined || value === null || value === unknown) return [];
  return Array.isArray(value) ? (value as readonly PolicyValue[]) : [value];
}

/** The texts in a list, or a single text as a list. */
export function texts(value: PolicyValue): string[] {
  return valuesIn(value).filter((item) => typeof item === "string");
}

/** The value at a path of keys; unknown if any value on the path is. */
export function valueAt(value: PolicyValue, ...path: readonly string[]): PolicyValue {
  let found = value;
  for (const key of path) {
    if (found === unknown) return unknown;
    found = object(found)?.[key];
  }
  return found;
}

/** Whether a value is known completely. */
export function isKnown(value: PolicyValue): boolean {
  if (value === unknown) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value as Readonly<Record<string, PolicyValue>>).every(isKnown);
}

/** A boolean, which providers also accept as a text; undefined for any other value. */
export function booleanValue(value: PolicyValue): boolean | undefined {
  return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
}

/**
 * Copies the properties that the Pulumi engine passes to a policy. They are proxies that throw when an unknown value is
 * read, and whose lists' methods fail.
 *
 * @param given an object or a list, or a value inside one of them.
 */
export function plainValue(given: unknown): PolicyValue {
  if (Array.isArray(given)) return Array.from({ length: given.length }, (_, index) => read(given, index));
  if (typeof given === "object" && given !== null) return Object.fromEntries(Object.keys(given).map((key) => [key, read(given, key)]));
  return given as PolicyValue;
}

function read(container: object, key: string | number): PolicyValue {
  let value: unknown;
  try {
    value = (container as Record<string | number, unknown>)[key];
  } catch (error) {
    // The SDK's class isn't exported (pulumi/pulumi-policy, `sdk/nodejs/policy/proxy.ts`: UnknownValueError).
    if (error instanceof Error && "unknownTypeSentinel" in error) return unknown;
    throw error;
  }
  return plainValue(value);
}

/** The text of a value in a message. */
export function displayValue(value: PolicyValue): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "object" ? "something else" : String(value);
}
