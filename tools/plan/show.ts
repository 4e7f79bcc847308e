import { withoutInvisible, withoutInvisibleInLines } from "../../config/invisible";
import { ownValue } from "../../lib/own-value";
import { type ResourceChange, type ResourceProperties } from "../../lib/pulumi/change";
import { holdsUnknown } from "./changed-paths";
import type { TextFormat } from "../cost/show";
import type { Consequence, PlanSummary } from "./summary";

/** Maximum number of characters of a comment on GitHub (its API's error: "body is too long (maximum is 65536 characters)"). */
export const MAX_COMMENT_CHARACTERS = 65_536;

/** Maximum number of names in one line; this project's choice. */
const MAX_NAMES = 8;
/** Maximum number of characters of a value in a line; this project's choice. */
const MAX_VALUE_CHARACTERS = 40;
/**
 * Maximum number of lines of one kind (such as consequences) in the part that is never cut. The largest number is used with which half of
 * the space is left for the list of changes.
 */
const MAX_LINES = [20, 8, 3] as const;
/** Maximum number of characters of a name, of any other one-line text, and of a multi-line text. This project's choice. */
const MAX_NAME_CHARACTERS = 120;
const MAX_SHORT_TEXT_CHARACTERS = 400;
const MAX_LONG_TEXT_CHARACTERS = 2000;

/** Returns a text to insert before the list of changes, with at most `room` characters; the text is empty if it would be longer. */
export type Insert = (room: number) => string;

/**
 * Formats a summary. A text that is too long is cut at the end, in the list of changes, with a notice; the inserted text is never cut. For a plan that can't
 * be applied a terminal shows only the warnings and errors, uncut.
 */
export function showSummary(
  summary: PlanSummary,
  form: TextFormat,
  maxCharacters = MAX_COMMENT_CHARACTERS,
  insert: Insert = () => "",
): string {
  if (form === "terminal" && summary.errors.length > 0) return errorsAlone(summary);
  const words = form === "markdown" ? markdown : terminal;
  const note = summary.note === undefined ? [] : [words.text(summary.note), ""];
  const headOf = (lines: number) => [words.strong(summary.headline), "", ...note, ...points(summary, words, lines)].join("\n");
  // Uses the largest number of lines with which the head fits in half of the space. Even 3 lines may not fit if nearly every character must
  // be escaped for Markdown. In this case each kind gets one line.
  const head = MAX_LINES.map(headOf).find((text) => text.length < maxCharacters / 2) ?? headOf(1);
  // The inserted text gets at most half of the remaining space, so at least the other half is left for the list of changes.
  const inserted = insert(Math.floor((maxCharacters - head.length) / 2));
  return cut(inserted === "" ? head : `${head.trimEnd()}\n${inserted.trimEnd()}`, rest(summary, words), maxCharacters);
}

function errorsAlone({ headline, note, errors, warnings }: PlanSummary): string {
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
  /** Formats several lines as one item. */
  readonly lines: (text: string) => string;
  readonly title: (text: string) => string;
}

const markdown: Words = {
  warning: "WARNING",
  strong: (text) => `**${escapeMarkdown(shorten(plain(text), MAX_SHORT_TEXT_CHARACTERS))}**`,
  item: (text) => `- ${text}`,
  // Backticks in a name are replaced: in a code span a backtick can't be escaped with a backslash.
  name: (text) => `\`${shorten(plain(text), MAX_NAME_CHARACTERS).replaceAll("`", "'")}\``,
  text: (text) => escapeMarkdown(shorten(plain(text), MAX_SHORT_TEXT_CHARACTERS)),
  lines: (text) => linesOf(text).map(escapedSigns).join("<br>"),
  title: (text) => `\n#### ${escapeMarkdown(text)}\n`,
};

const terminal: Words = {
  warning: "warning",
  strong: (text) => shorten(plain(text), MAX_SHORT_TEXT_CHARACTERS),
  item: (text) => `  ${text}`,
  name: (text) => shorten(plain(text), MAX_NAME_CHARACTERS),
  text: (text) => shorten(plain(text), MAX_SHORT_TEXT_CHARACTERS),
  lines: (text) => linesOf(text).join("\n    "),
  title: (text) => `\n${plain(text)}`,
};

function shorten(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** Escapes untrusted text for Markdown, so that it contains no markup, no mention and no line break. */
function escapeMarkdown(text: string): string {
  return escapedSigns(plain(text));
}

function escapedSigns(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : `\\${sign}`))
    .replaceAll("@", "&#64;");
}

/**
 * A text on one line. Control characters, direction marks and other invisible characters are shown by their numbers, so that two different names never look
 * equal.
 */
function plain(text: string): string {
  return withoutInvisible(text.replaceAll(/\s+/g, " "));
}

/** The lines of a text, with invisible characters shown as in {@link plain}. */
function linesOf(text: string): string[] {
  return shorten(withoutInvisibleInLines(text), MAX_LONG_TEXT_CHARACTERS).split("\n");
}

function points(
  { errors, warnings, consequences, renames, removals, exposures, cost, configuration }: PlanSummary,
  words: Words,
  maxLines: number,
): string[] {
  const removed = (operation: ResourceChange["operation"], verb: string) => {
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
  return sections.flatMap((lines) => firstOf(lines, maxLines)).map(words.item);
}

function consequenceLine({ operation, severity, text, names, protected: refused }: Consequence, words: Words): string {
  const verb = { create: "New", update: "Changed", replace: "Replaced", delete: "Deleted" }[operation];
  const mark = severity === "restarts" ? "" : "⚠ ";
  const refusal = refused.length === 0 ? "" : " (protected: the Pulumi engine refuses to delete it)";
  return `${mark}${verb} ${list(names, words)}: ${words.text(text)}${refusal}`;
}

function renamesLine(renames: PlanSummary["renames"], words: Words): string[] {
  if (renames.length === 0) return [];
  const [{ from, to }] = renames;
  const others = renames.length === 1 ? "" : ` and ${renames.length - 1} more`;
  return [
    `⚠ Only renamed in the program, but replaced: ${words.name(from)} → ${words.name(to)}${others}. The new one is created first, which fails if its name in AWS is taken; with an alias for the old name nothing changes`,
  ];
}

/** The cost in one line. It names the number of resources of unknown price separately, because the sums do not include them. */
function costLine(cost: NonNullable<PlanSummary["cost"]>): string {
  if (typeof cost === "string") return `Cost: not estimated, since ${cost}`;
  const { total, difference = "no resource with a price changes", newUnknown, unknown } = cost;
  const sums = total === undefined ? difference : `${total.before} → ${total.after} a month (${difference})`;
  const count = (number: number, kind: string) => `${number} ${kind}${number === 1 ? "resource" : "resources"} of unknown price`;
  const added = newUnknown === 0 ? "" : `, and ${count(newUnknown, "new ")}`;
  const other =
    unknown === newUnknown || total === undefined
      ? ""
      : `; the sums do not include ${count(unknown - newUnknown, newUnknown === 0 ? "" : "other ")}`;
  return `Cost: ${sums}${total === undefined && cost.difference !== undefined ? " a month" : ""}${added}${other}`;
}

function list(names: readonly string[], words: Words): string {
  // Resources of different types may have the same name.
  const different = [...new Set(names)];
  const shown = different.slice(0, MAX_NAMES).map(words.name).join(", ");
  return different.length > MAX_NAMES ? `${shown} and ${different.length - MAX_NAMES} more` : shown;
}

function firstOf(lines: readonly string[], count: number): readonly string[] {
  return lines.length <= count ? lines : [...lines.slice(0, count), `… and ${lines.length - count} more like these`];
}

/** The part that may be cut: every change, and the details of the cost. */
function rest({ groups, cost }: PlanSummary, words: Words): string[] {
  const changes = groups.flatMap(({ phase, changes: some }) => [
    words.title(phase),
    ...some.map((change) => words.item(changeLine(change, words))),
  ]);
  return [...changes, ...(typeof cost !== "object" || cost.details === "" ? [] : [words.title("cost"), cost.details])];
}

function changeLine(change: ResourceChange, words: Words): string {
  const { operation, name, type, fields } = change;
  const told = fields.slice(0, MAX_NAMES).map((field) => words.text(`${field}${valuesOf(change, field)}`));
  const what = fields.length === 0 ? "" : `: ${told.join(", ")}${fields.length > MAX_NAMES ? ", …" : ""}`;
  return `${operation} ${words.name(name)} (${words.text(type)})${what}`;
}

/** A field's values before and after, if both are short. In a preview the value of a secret is `[secret]`. */
function valuesOf({ before, after }: ResourceChange, field: string): string {
  const [one, other] = [before, after].map((properties) => shortValue(valueAt(properties, field)));
  return one === undefined || other === undefined || one === other ? "" : ` ${one} → ${other}`;
}

function shortValue(value: unknown): string | undefined {
  if (holdsUnknown(value)) return undefined;
  if (value === undefined || value === "") return "not set";
  const text = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  return text !== undefined && text.length <= MAX_VALUE_CHARACTERS ? text : undefined;
}

function valueAt(properties: ResourceProperties, field: string): unknown {
  return field
    .split(/[.[\]]+/)
    .filter((key) => key !== "")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? ownValue(value as ResourceProperties, key) : undefined),
      properties,
    );
}

function cut(head: string, lines: readonly string[], maxCharacters: number): string {
  const notice = (count: number) => `\n… and ${count} more lines do not fit here: see the preview itself`;
  let length = head.length + 1;
  const kept: string[] = [];
  for (const [index, line] of lines.entries()) {
    const left = lines.length - index - 1;
    const room = maxCharacters - (left > 0 ? notice(lines.length).length : 0) - 1;
    if (length + line.length + 1 > room) return `${[head, ...kept].join("\n")}${notice(lines.length - index)}\n`;
    kept.push(line);
    length += line.length + 1;
  }
  return `${[head, ...kept].join("\n")}\n`;
}
