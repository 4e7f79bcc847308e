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
    .map((key) => ({ key: key.replace(`${PROJECT}:`, ""), before: shown(key, before[key]), after: shown(key, after[key]) }));
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
