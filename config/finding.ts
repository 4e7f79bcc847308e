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
  return `pulumi config set ${shellWord(key)} ${argument(String(value))}`;
}

/** The command that sets item `index` of the list `key`, or entry `index` of the map `key`. */
export function setItemCommand(key: string, index: number | string, value: string): string {
  return `pulumi config set --path ${quoted(propertyPath(key, index))} ${argument(value)}`;
}

/** The command that sets an entry of a secret map from a file. */
export function setSecretEntryCommand(key: string, entry: string, file = "file"): string {
  return `pulumi config set --secret --path ${quoted(`${key}[${JSON.stringify(entry)}]`)} < ${file}`;
}

/** The command that takes `key` back to its default. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${argument(key)}`;
}

/** The command that takes an entry out of the map `key`. */
export function removeEntryCommand(key: string, entry: string): string {
  return `pulumi config rm --path ${quoted(`${key}[${JSON.stringify(entry)}]`)}`;
}

/** A property's path as Pulumi reads it. */
function propertyPath(key: string, index: number | string): string {
  if (typeof index === "number") return `${key}[${index}]`;
  return /^\w+$/.test(index) ? `${key}.${index}` : `${key}[${JSON.stringify(index)}]`;
}

/** A word that the command doesn't take for an option. */
function argument(text: string): string {
  return text.startsWith("-") ? `-- ${shellWord(text)}` : shellWord(text);
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
