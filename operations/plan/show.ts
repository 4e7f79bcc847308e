import { withoutInvisible, withoutInvisibleInLines } from "../../config/invisible";
import { own } from "../../config/own";
import { type Change, type Properties } from "./change";
import { holdsUnknown } from "./changed-paths";
import type { Consequence, Summary } from "./summary";

export type Form = "markdown" | "terminal";

/** Characters that a comment may have on GitHub; more is refused (its API's "body is too long (maximum is 65536 characters)"). */
export const MOST_CHARACTERS = 65_536;

/** Names that one line tells; this project's choice. */
const MOST_NAMES = 8;
/** Characters of a value that a line tells; this project's choice. */
const MOST_VALUE = 40;
/** Lines of one kind in the part that is never cut: as many as leave half of the room to the list of changes. */
const MOST_LINES = [20, 8, 3] as const;
/** Characters of a name, and of any other text, in one line; of a text in several lines. This project's choice. */
const MOST_NAME = 120;
const MOST_TEXT = 400;
const MOST_LINED = 2000;

/** What stands between what has to be known and the list of changes, in as many characters as there are; nothing, where it needs more. */
export type Insert = (room: number) => string;

/**
 * A summary for people. What is too long is cut at its end, in the list of single changes, and says so; what is inserted never is.
 * A terminal gets only the warnings and errors of a plan that cannot be applied, whole.
 */
export function showSummary(summary: Summary, form: Form, mostCharacters = MOST_CHARACTERS, insert: Insert = () => ""): string {
  if (form === "terminal" && summary.errors.length > 0) return errorsAlone(summary);
  const words = form === "markdown" ? markdown : terminal;
  const note = summary.note === undefined ? [] : [words.text(summary.note), ""];
  const headOf = (lines: number) => [words.strong(summary.headline), "", ...note, ...points(summary, words, lines)].join("\n");
  // Only what consists of signs that Markdown has to escape comes near the limit.
  const head = MOST_LINES.map(headOf).find((text) => text.length < mostCharacters / 2) ?? headOf(1);
  // The list of changes has as much room at least.
  const inserted = insert(Math.floor((mostCharacters - head.length) / 2));
  return cut(inserted === "" ? head : `${head.trimEnd()}\n${inserted.trimEnd()}`, rest(summary, words), mostCharacters);
}

function errorsAlone({ headline, note, errors, warnings }: Summary): string {
  const head = [headline, ...(note === undefined ? [] : [note])].map((text) => terminal.text(text));
  const texts = [...warnings.map((text) => `warning: ${text}`), ...errors].map(withoutInvisibleInLines);
  return `${[...head, ...texts].join("\n\n")}\n`;
}

interface Words {
  readonly warning: string;
  readonly strong: (text: string) => string;
  readonly item: (text: string) => string;
  readonly name: (text: string) => string;
  readonly text: (text: string) => string;
  /** Several lines in one item. */
  readonly lines: (text: string) => string;
  readonly title: (text: string) => string;
}

const markdown: Words = {
  warning: "WARNING",
  strong: (text) => `**${escaped(shortened(plain(text), MOST_TEXT))}**`,
  item: (text) => `- ${text}`,
  // Backticks end a code span, whatever is in front of them.
  name: (text) => `\`${shortened(plain(text), MOST_NAME).replaceAll("`", "'")}\``,
  text: (text) => escaped(shortened(plain(text), MOST_TEXT)),
  lines: (text) => linesOf(text).map(escapedSigns).join("<br>"),
  title: (text) => `\n#### ${escaped(text)}\n`,
};

const terminal: Words = {
  warning: "warning",
  strong: (text) => shortened(plain(text), MOST_TEXT),
  item: (text) => `  ${text}`,
  name: (text) => shortened(plain(text), MOST_NAME),
  text: (text) => shortened(plain(text), MOST_TEXT),
  lines: (text) => linesOf(text).join("\n    "),
  title: (text) => `\n${plain(text)}`,
};

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Text of other people in Markdown: nothing in it is markup, a mention or a line of its own. */
function escaped(text: string): string {
  return escapedSigns(plain(text));
}

function escapedSigns(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : `\\${sign}`))
    .replaceAll("@", "&#64;");
}

/** On one line. What a terminal would obey, what turns the direction of what follows, and whatever else can't be seen is told by its number: two names that look alike are different. */
function plain(text: string): string {
  return withoutInvisible(text.replaceAll(/\s+/g, " "));
}

/** What a terminal would obey is told as in {@link plain}. */
function linesOf(text: string): string[] {
  return shortened(withoutInvisibleInLines(text), MOST_LINED).split("\n");
}

function points(
  { errors, warnings, consequences, renames, removals, exposures, cost, configuration }: Summary,
  words: Words,
  mostLines: number,
): string[] {
  const removed = (operation: Change["operation"], verb: string) => {
    const names = removals.filter((change) => change.operation === operation).map(({ name }) => name);
    return names.length === 0 ? [] : [`${verb} ${list(names, words)}`];
  };
  const sections: readonly (readonly string[])[] = [
    errors.map((error) => `ERROR: ${words.lines(error)}`),
    warnings.map((warning) => `${words.warning}: ${words.lines(warning)}`),
    consequences.map((consequence) => consequenceLine(consequence, words)),
    renamesLine(renames, words),
    [...removed("delete", "Deletes"), ...removed("replace", "Replaces")],
    exposures.map(
      ({ kind, text, wide }) => `${wide && kind === "opened" ? "⚠ " : ""}${kind === "opened" ? "Opens" : "Closes"} ${words.text(text)}`,
    ),
    cost === undefined ? [] : [costLine(cost)],
    configuration.map(({ key, before, after }) => `${words.name(key)}: ${words.text(before)} → ${words.text(after)}`),
  ];
  return sections.flatMap((lines) => most(lines, mostLines)).map(words.item);
}

function consequenceLine({ operation, severity, text, names, protected: refused }: Consequence, words: Words): string {
  const verb = { create: "New", update: "Changed", replace: "Replaced", delete: "Deleted" }[operation];
  const mark = severity === "restarts" ? "" : "⚠ ";
  const refusal = refused.length === 0 ? "" : " (protected: the engine refuses to delete)";
  return `${mark}${verb} ${list(names, words)}: ${words.text(text)}${refusal}`;
}

function renamesLine(renames: Summary["renames"], words: Words): string[] {
  if (renames.length === 0) return [];
  const [{ from, to }] = renames;
  const others = renames.length === 1 ? "" : ` and ${renames.length - 1} more`;
  return [
    `⚠ Only renamed in the program, and yet made anew: ${words.name(from)} → ${words.name(to)}${others}. The new one is made first, which fails where its name in AWS is taken; with an alias of its old name nothing changes`,
  ];
}

/** What is unknown is said to be so: it is in none of the sums. */
function costLine(cost: NonNullable<Summary["cost"]>): string {
  if (typeof cost === "string") return `Cost: not estimated, since ${cost}`;
  const { total, difference = "nothing that has a price changes", newUnknown, unknown } = cost;
  const sums = total === undefined ? difference : `${total.before} → ${total.after} a month (${difference})`;
  const added = newUnknown === 0 ? "" : `, and ${newUnknown} new of unknown price`;
  const other =
    unknown === newUnknown || total === undefined
      ? ""
      : `; ${unknown - newUnknown} of unknown price ${newUnknown === 0 ? "" : "besides "}not in the sums`;
  return `Cost: ${sums}${total === undefined && cost.difference !== undefined ? " a month" : ""}${added}${other}`;
}

function list(names: readonly string[], words: Words): string {
  // Resources of several types may have one name.
  const different = [...new Set(names)];
  const shown = different.slice(0, MOST_NAMES).map(words.name).join(", ");
  return different.length > MOST_NAMES ? `${shown} and ${different.length - MOST_NAMES} more` : shown;
}

function most(lines: readonly string[], count: number): readonly string[] {
  return lines.length <= count ? lines : [...lines.slice(0, count), `… and ${lines.length - count} more like these`];
}

/** Every change, and how the cost comes about: what can be cut. */
function rest({ groups, cost }: Summary, words: Words): string[] {
  const changes = groups.flatMap(({ phase, changes: some }) => [
    words.title(phase),
    ...some.map((change) => words.item(changeLine(change, words))),
  ]);
  return [...changes, ...(typeof cost !== "object" || cost.details === "" ? [] : [words.title("cost"), cost.details])];
}

function changeLine(change: Change, words: Words): string {
  const { operation, name, type, fields } = change;
  const told = fields.slice(0, MOST_NAMES).map((field) => words.text(`${field}${valuesOf(change, field)}`));
  const what = fields.length === 0 ? "" : `: ${told.join(", ")}${fields.length > MOST_NAMES ? ", …" : ""}`;
  return `${operation} ${words.name(name)} (${words.text(type)})${what}`;
}

/** Values of a field before and after, where both are short. A secret's is `[secret]` in a preview. */
function valuesOf({ before, after }: Change, field: string): string {
  const [one, other] = [before, after].map((properties) => shortValue(valueAt(properties, field)));
  return one === undefined || other === undefined || one === other ? "" : ` ${one} → ${other}`;
}

function shortValue(value: unknown): string | undefined {
  if (holdsUnknown(value)) return undefined;
  if (value === undefined || value === "") return "not set";
  const text = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  return text !== undefined && text.length <= MOST_VALUE ? text : undefined;
}

function valueAt(properties: Properties, field: string): unknown {
  return field
    .split(/[.[\]]+/)
    .filter((key) => key !== "")
    .reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? own(value as Properties, key) : undefined), properties);
}

function cut(head: string, lines: readonly string[], mostCharacters: number): string {
  const notice = (count: number) => `\n… and ${count} more lines, which have no room here: see the preview itself`;
  let length = head.length + 1;
  const kept: string[] = [];
  for (const [index, line] of lines.entries()) {
    const left = lines.length - index - 1;
    const room = mostCharacters - (left > 0 ? notice(lines.length).length : 0) - 1;
    if (length + line.length + 1 > room) return `${[head, ...kept].join("\n")}${notice(lines.length - index)}\n`;
    kept.push(line);
    length += line.length + 1;
  }
  return `${[head, ...kept].join("\n")}\n`;
}
