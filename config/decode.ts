import { describeKey, type KeyName, type PulumiType } from "./schema";

const ARTICLES: Readonly<Record<PulumiType, string>> = {
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
};

/** The name of a type for messages: "a list". */
export function typeInWords(type: PulumiType): string {
  return ARTICLES[type];
}

/**
 * Whether a value contains a map with an entry `__proto__`, at any depth. In JavaScript this name means an object's prototype, so libraries
 * silently drop such an entry.
 */
export function holdsProto(value: unknown): boolean {
  const left = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__")) return true;
    for (const each of Object.values(next)) if (each !== undefined) left.push(each);
  }
  return false;
}

/**
 * Converts a key's value to its declared type. The Pulumi engine passes every value as a text; lists, maps and numbers are JSON. A text
 * that can't be converted is returned unchanged, and the schema reports it.
 */
export function decode(name: KeyName, raw: unknown): unknown {
  // For every type, empty means not set, so `pulumi config set zones ""` empties a list.
  if (raw === "") return undefined;
  const { type } = describeKey(name);
  if (typeof raw !== "string" || type === "string") return raw;
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
}
