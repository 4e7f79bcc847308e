import { isDeepStrictEqual } from "node:util";
import { withoutEscapes } from "../../config/engine-json";
import { describeKey, KEY_NAMES, type KeyName, PROJECT } from "../../config/schema";
import { MASKED, isMasked, SecretValue } from "./secret-value";

/** A key of the stack file whose value changes. The values of secrets are not shown. */
export interface ConfigurationChange {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** Text for the value of a missing key. */
export const NOT_SET = "not set";

/** Maximum number of characters of a value that are shown. */
const SHOWN = 60;

type Values = Readonly<Record<string, unknown>>;

/**
 * The keys in which two configurations differ, in the order of docs/configuration.md. Known secrets (`SecretValue`) are compared. A secret that the Pulumi
 * engine has masked counts as unchanged, and `unknownChanges` returns its key.
 *
 * @param before values by key, as in the stack file (a plain value, or `{secure: …}` for a secret) or as the Pulumi engine prints them.
 */
export function configurationChanges(before: Values, after: Values): ConfigurationChange[] {
  const unknown = new Set(unknownChanges(before, after));
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !unknown.has(key) && !isSame(before[key], after[key]))
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .flatMap((key) => changesOf(key, before[key], after[key]));
}

/** Keys for which it is unknown whether they change: both configurations have a secret there, and at least one of the two is masked. */
export function unknownChanges(before: Values, after: Values): string[] {
  return Object.keys(before).filter((key) => after[key] !== undefined && (isMasked(before[key]) || isMasked(after[key])));
}

/** The changes in the value of one key. For a list of named entries, it returns only the entries that differ. */
function changesOf(key: string, before: unknown, after: unknown): ConfigurationChange[] {
  const name = key.replace(`${PROJECT}:`, "");
  const change = (place: string, one: unknown, other: unknown) => ({
    key: `${name}${place}`,
    before: displayValue(key, one),
    after: displayValue(key, other),
  });
  const [befores, afters] = [namedThings(revealSecret(before)), namedThings(revealSecret(after))];
  if (befores === undefined || afters === undefined) return [change("", before, after)];
  const mask = maskOf(before, after);
  const changes = [...new Set([...befores.keys(), ...afters.keys()])].flatMap((thing) => {
    const [one, other] = [befores.get(thing), afters.get(thing)];
    if (one === undefined || other === undefined) return [change(`[${thing}]`, mask(one, thing), mask(other, thing))];
    const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((field) => !isSame(one[field], other[field]));
    return fields.map((field) => change(`[${thing}].${field}`, mask(one[field], thing, field), mask(other[field], thing, field)));
  });
  // If all entries are equal, only their order or notation differs, so the key is listed as a whole.
  return changes.length > 0 ? changes : [change("", before, after)];
}

type Thing = Readonly<Record<string, unknown>>;
type Mask = (value: unknown, thing: string, field?: string) => unknown;

/**
 * Returns a function that masks one part of a secret value. It returns `[secret]` if this part is masked in the masked copy or missing
 * there; otherwise it returns the part itself.
 */
function maskOf(before: unknown, after: unknown): Mask {
  if (!(before instanceof SecretValue) && !(after instanceof SecretValue)) return (value) => value;
  const masked = after instanceof SecretValue ? namedThings(after.masked) : undefined;
  return (value, thing, field) => {
    const place = masked?.get(thing);
    const copy = field === undefined ? place : place?.[field];
    return value === undefined || (copy !== undefined && !isMasked(copy)) ? value : MASKED;
  };
}

function revealSecret(value: unknown): unknown {
  return value instanceof SecretValue ? value.reveal() : value;
}

/** Whether two values are equal. The Pulumi engine prints a value as JSON or as a string with JSON. */
function isSame(one: unknown, other: unknown): boolean {
  const parsed = (value: unknown) => {
    const known = revealSecret(value);
    const object = typeof known === "string" ? jsonIn(known) : undefined;
    return typeof object === "object" && object !== null ? object : known;
  };
  return isDeepStrictEqual(parsed(one), parsed(other));
}

/** The entries of a list by name, if all have unique names; otherwise undefined. A key that isn't set has no entries. */
function namedThings(value: unknown): ReadonlyMap<string, Thing> | undefined {
  if (value === undefined) return new Map();
  const list = typeof value === "string" ? jsonIn(value) : value;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const named = (list as readonly (Thing | null)[]).map((each) => [each?.name, each] as const);
  const things = new Map(named.filter((pair): pair is [string, Thing] => typeof pair[0] === "string"));
  return things.size === list.length ? things : undefined;
}

/** Parses a list or an object in a stack's history; undefined for any other text. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rank(key: string): number {
  const index = (KEY_NAMES as readonly string[]).indexOf(key.replace(`${PROJECT}:`, ""));
  return index < 0 ? KEY_NAMES.length : index;
}

function displayValue(key: string, value: unknown): string {
  if (value === undefined) return NOT_SET;
  const name = key.replace(`${PROJECT}:`, "");
  const secret =
    (KEY_NAMES as readonly string[]).includes(name) && (describeKey(name as KeyName).secret ?? describeKey(name as KeyName).credentials);
  // A key of this project that does not exist may be the misspelt key of a secret, so its value is masked, too.
  const unknown = key.startsWith(`${PROJECT}:`) && !(KEY_NAMES as readonly string[]).includes(name);
  const text = typeof value === "string" ? withoutEscapes(value) : JSON.stringify(value);
  if (secret || unknown || value instanceof SecretValue || text.includes('"secure"')) return MASKED;
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
