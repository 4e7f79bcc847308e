/** What is wrong with one value, in words that follow the key's name: "is longer than 54 characters". */
export interface Flaw {
  readonly wrong: string;
  /** What is allowed; without it the key's own documentation says so. */
  readonly allowed?: string;
  /** The likely fix, best a command to copy; without it the command that sets `instead`, or an example. */
  readonly fix?: string;
  /** The value, or the list's item, that was probably meant. */
  readonly instead?: string;
}

/** A flaw and the key it is reported at. Values are added later, in one place, so that no rule can print a secret. */
export interface Finding extends Flaw {
  readonly key: string;
}

/** The command that sets `key`; the shell sees the value as one word. */
export function setCommand(key: string, value: string | number): string {
  return `pulumi config set ${key} ${shellWord(String(value))}`;
}

/** The command that sets item `index` of the list `key`, or entry `index` of the map `key`. */
export function setItemCommand(key: string, index: number | string, value: string): string {
  const path = typeof index === "number" ? `${key}[${index}]` : /^\w+$/.test(index) ? `${key}.${index}` : `${key}["${index}"]`;
  return `pulumi config set --path '${path}' ${shellWord(value)}`;
}

/** The command that takes `key` back to its default. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${key}`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
