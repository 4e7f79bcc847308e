import { describeKey, type KeyName, type PulumiType } from "./schema";

const ARTICLES: Readonly<Record<PulumiType, string>> = {
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
};

/** A type in words: "a list". */
export function typeInWords(type: PulumiType): string {
  return ARTICLES[type];
}

/**
 * Whether a value holds a map with an entry `__proto__` anywhere. In JavaScript that name is no entry but what an object inherits from, so that libraries drop it without a word.
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
 * A key's value as its declared type. The engine hands every value over as a text, lists, maps and numbers as JSON.
 * A text that is not of the type comes back as it is, and the schema refuses it.
 */
export function decode(name: KeyName, raw: unknown): unknown {
  // Empty means not set, for every type; so `pulumi config set zones ""` empties a list.
  if (raw === "") return undefined;
  const { type } = describeKey(name);
  if (typeof raw !== "string" || type === "string") return raw;
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
}
