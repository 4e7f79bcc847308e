import type { Change } from "./change";
import type { Consequence, Summary } from "./summary";

export type Form = "markdown" | "terminal";

/** Characters that a comment may have on GitHub; more is refused (its API's "body is too long (maximum is 65536 characters)"). */
export const MOST_CHARACTERS = 65_536;

/** Names that one line tells; this project's choice. */
const MOST_NAMES = 8;
/** Lines of one kind in the part that is never cut: 4 kinds and a headline are far below the limit of all. */
const MOST_LINES = 20;

/** A summary for people. What is too long is cut at its end, in the list of single changes, and says so. */
export function showSummary(summary: Summary, form: Form, mostCharacters = MOST_CHARACTERS): string {
  const words = form === "markdown" ? markdown : terminal;
  const head = [words.strong(summary.headline), "", ...points(summary, words)].join("\n");
  return cut(head, rest(summary, words), mostCharacters);
}

interface Words {
  readonly strong: (text: string) => string;
  readonly item: (text: string) => string;
  readonly name: (text: string) => string;
  readonly text: (text: string) => string;
  readonly title: (text: string) => string;
}

const markdown: Words = {
  strong: (text) => `**${escaped(text)}**`,
  item: (text) => `- ${text}`,
  // Backticks end a code span, whatever is in front of them.
  name: (text) => `\`${text.replaceAll("`", "'").replaceAll(/\s+/g, " ")}\``,
  text: escaped,
  title: (text) => `\n#### ${escaped(text)}\n`,
};

const terminal: Words = {
  strong: (text) => text,
  item: (text) => `  ${text}`,
  name: plain,
  text: plain,
  title: (text) => `\n${plain(text)}`,
};

/** Text of other people in Markdown: nothing in it is markup, a mention or a line of its own. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : `\\${sign}`))
    .replaceAll("@", "&#64;");
}

/** Without what a terminal would obey. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it is about
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}

function points({ errors, consequences, removals, exposures, cost, configuration }: Summary, words: Words): string[] {
  const removed = (operation: Change["operation"], verb: string) => {
    const names = removals.filter((change) => change.operation === operation).map(({ name }) => name);
    return names.length === 0 ? [] : [`${verb} ${list(names, words)}`];
  };
  const sections: readonly (readonly string[])[] = [
    errors.map((error) => `ERROR: ${words.text(error)}`),
    consequences.map((consequence) => consequenceLine(consequence, words)),
    [...removed("delete", "Deletes"), ...removed("replace", "Replaces")],
    exposures.map(
      ({ kind, text, wide }) => `${wide && kind === "opened" ? "⚠ " : ""}${kind === "opened" ? "Opens" : "Closes"} ${words.text(text)}`,
    ),
    cost === undefined ? [] : [costLine(cost)],
    configuration.map(({ key, before, after }) => `${words.name(key)}: ${words.text(before)} → ${words.text(after)}`),
  ];
  return sections.flatMap((lines) => most(lines)).map(words.item);
}

function consequenceLine({ operation, severity, text, names, protected: refused }: Consequence, words: Words): string {
  const verb = { create: "New", update: "Changed", replace: "Replaced", delete: "Deleted" }[operation];
  const mark = severity === "restarts" ? "" : "⚠ ";
  const refusal = refused.length === 0 ? "" : " (protected: the engine refuses to delete)";
  return `${mark}${verb} ${list(names, words)}: ${words.text(text)}${refusal}`;
}

function costLine({ before, after, difference, newUnknown }: NonNullable<Summary["cost"]>): string {
  const unknown = newUnknown === 0 ? "" : `, and ${newUnknown} new of unknown price`;
  return `Cost: ${before} → ${after} a month (${difference})${unknown}`;
}

function list(names: readonly string[], words: Words): string {
  const shown = names.slice(0, MOST_NAMES).map(words.name).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

function most(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more like these`];
}

/** Every change, and how the cost comes about: what can be cut. */
function rest({ groups, cost }: Summary, words: Words): string[] {
  const changes = groups.flatMap(({ phase, changes: some }) => [
    words.title(phase),
    ...some.map((change) => words.item(changeLine(change, words))),
  ]);
  return [...changes, ...(cost === undefined || cost.details === "" ? [] : [words.title("cost"), cost.details])];
}

function changeLine({ operation, name, type, fields }: Change, words: Words): string {
  const what =
    fields.length === 0 ? "" : `: ${fields.slice(0, MOST_NAMES).map(words.text).join(", ")}${fields.length > MOST_NAMES ? ", …" : ""}`;
  return `${operation} ${words.name(name)} (${words.text(type)})${what}`;
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
