import type { Problem } from "../lib/problem";

/**
 * A problem of one value, without its key. If `allowed` is undefined, the message has the allowed values of the key's documentation; if
 * `fix` is undefined, the command that sets `instead` or an example.
 */
export interface ValueProblem extends Omit<Problem, "value"> {
  /** The value, or list item, that the user probably meant. */
  readonly instead?: string;
}

/** A problem with its key. The value is added later, in one place (format-problems.ts), so that no rule can print a secret. */
export interface KeyProblem extends ValueProblem {
  readonly key: string;
}

/** The command that sets `key`; the value is quoted for the shell. */
export function setCommand(key: string, value: string | number): string {
  return `pulumi config set ${shellWord(key)} ${argument(String(value))}`;
}

/** The command that sets item `index` of the list `key`, or entry `index` of the map `key`. */
export function setItemCommand(key: string, index: number | string, value: string): string {
  return `pulumi config set --path ${quote(propertyPath(key, index))} ${argument(value)}`;
}

/** The command that sets an entry of a secret map from a file. */
export function setSecretEntryCommand(key: string, entry: string, file = "file"): string {
  return `pulumi config set --secret --path ${quote(`${key}[${JSON.stringify(entry)}]`)} < ${file}`;
}

/** The command that resets `key` to its default. */
export function removeCommand(key: string): string {
  return `pulumi config rm ${argument(key)}`;
}

/** The command that removes an entry from the map `key`. */
export function removeEntryCommand(key: string, entry: string): string {
  return `pulumi config rm --path ${quote(`${key}[${JSON.stringify(entry)}]`)}`;
}

/** The path of an item or entry, in Pulumi's syntax. */
function propertyPath(key: string, index: number | string): string {
  if (typeof index === "number") return `${key}[${index}]`;
  return /^\w+$/.test(index) ? `${key}.${index}` : `${key}[${JSON.stringify(index)}]`;
}

/** Quotes an argument so that the command doesn't read it as an option. */
function argument(text: string): string {
  return text.startsWith("-") ? `-- ${shellWord(text)}` : shellWord(text);
}

/** Quotes a text as one word for a POSIX shell, if necessary. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quote(text);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
