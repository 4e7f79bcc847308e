import { describeKey, KEY_NAMES, type KeyName, PROJECT } from "../../config/schema";

/** A key of the stack file whose value is another one. Secrets are only said to have changed. */
export interface ConfigurationChange {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** What stands for the value of a key that isn't there. */
export const NOT_SET = "not set";

/** Characters of a value that are shown. */
const SHOWN = 60;

/**
 * The keys in which two stack files differ, in the order of the reference.
 *
 * @param before values by key, as the stack file has them: plain ones, and `{secure: …}` for a secret.
 */
export function configurationChanges(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ConfigurationChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .flatMap((key) => changesOf(key, before[key], after[key]));
}

/** What changes in the value of one key: of a list of named things, only those that differ. */
function changesOf(key: string, before: unknown, after: unknown): ConfigurationChange[] {
  const name = key.replace(`${PROJECT}:`, "");
  const change = (place: string, one: unknown, other: unknown) => ({
    key: `${name}${place}`,
    before: shown(key, one),
    after: shown(key, other),
  });
  const [befores, afters] = [namedThings(before), namedThings(after)];
  if (befores === undefined || afters === undefined) return [change("", before, after)];
  const differs = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);
  const changes = [...new Set([...befores.keys(), ...afters.keys()])].flatMap((thing) => {
    const [one, other] = [befores.get(thing), afters.get(thing)];
    if (one === undefined || other === undefined) return [change(`[${thing}]`, one, other)];
    const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((field) => differs(one[field], other[field]));
    return fields.map((field) => change(`[${thing}].${field}`, one[field], other[field]));
  });
  // Another order, or the same in another form.
  return changes.length > 0 ? changes : [change("", before, after)];
}

type Thing = Readonly<Record<string, unknown>>;

/** The entries of a list by their names, where all have one of their own; a key that isn't set has none. */
function namedThings(value: unknown): ReadonlyMap<string, Thing> | undefined {
  if (value === undefined) return new Map();
  const list = typeof value === "string" ? listIn(value) : value;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const named = (list as readonly (Thing | null)[]).map((each) => [each?.name, each] as const);
  const things = new Map(named.filter((pair): pair is [string, Thing] => typeof pair[0] === "string"));
  return things.size === list.length ? things : undefined;
}

/** A list as the history of a stack has it; undefined for any other text. */
function listIn(text: string): unknown {
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

function shown(key: string, value: unknown): string {
  if (value === undefined) return NOT_SET;
  const name = key.replace(`${PROJECT}:`, "");
  const secret =
    (KEY_NAMES as readonly string[]).includes(name) && (describeKey(name as KeyName).secret ?? describeKey(name as KeyName).credentials);
  // A key that doesn't exist may be a misspelt secret's.
  const unknown = key.startsWith(`${PROJECT}:`) && !(KEY_NAMES as readonly string[]).includes(name);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (secret || unknown || text.includes('"secure"')) return "[secret]";
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
