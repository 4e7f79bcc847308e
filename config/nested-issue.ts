import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { ValueProblem } from "./problem";
import type { Reported } from "./key";

/** Maximum edit distance between a wrong word and a suggestion. */
const MAX_EDITS = 3;

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  record: "a map",
  object: "a map",
};

/** Translates an issue of the zod schema inside a key's value, in a record or a map entry, into a problem for users. */
export function nestedProblem(issue: z.core.$ZodIssue, raw: unknown): ValueProblem {
  const place = placeOf(issue.path, raw);
  const say = (wrong: string, more: Partial<ValueProblem> = {}): ValueProblem => ({ ...more, wrong: `${place} ${wrong}` });
  switch (issue.code) {
    case "custom": {
      const { problem } = issue.params as unknown as Reported;
      return { ...problem, wrong: `${place} ${problem.wrong}` };
    }
    case "unrecognized_keys":
      return say(`has no field ${issue.keys.join(", ")}`, { fix: "remove it, or spell it as in docs/configuration.md" });
    case "invalid_union":
      return unknownKind(issue, place, valueAt(raw, issue.path));
    case "invalid_value":
      return valueAt(raw, issue.path) === undefined
        ? say("is missing")
        : say(`is not one of ${issue.values.map(String).join(", ")}`, suggestion(issue.values.map(String), valueAt(raw, issue.path)));
    case "too_small":
      return say(issue.origin === "array" ? `has fewer than ${issue.minimum} entries` : `is less than ${issue.minimum}`);
    case "too_big":
      return say(issue.origin === "array" ? `has more than ${issue.maximum} entries` : `is more than ${issue.maximum}`);
    case "invalid_type":
      return say(valueAt(raw, issue.path) === undefined ? "is missing" : `is not ${TYPES[issue.expected] ?? issue.expected}`);
    default:
      return say(issue.message);
  }
}

/** The problem of a record with an unknown type, such as `type: githup`. */
function unknownKind(issue: z.core.$ZodIssueInvalidUnion, place: string, value: unknown): ValueProblem {
  const kinds = (issue as { options?: readonly unknown[] }).options?.map(String) ?? [];
  const allowed = kinds.length === 0 ? {} : { allowed: kinds.join(", ") };
  if (value === undefined) return { ...allowed, wrong: `${place} is missing` };
  return { ...allowed, wrong: `${place} ${JSON.stringify(value)} is not supported`, ...suggestion(kinds, value) };
}

function suggestion(words: readonly string[], value: unknown): { readonly fix?: string } {
  const text = typeof value === "string" ? value.toLowerCase() : "";
  const nearest =
    words.find((word) => word.toLowerCase() === text) ?? words.find((word) => distance(word.toLowerCase(), text) <= MAX_EDITS);
  return nearest === undefined ? {} : { fix: `write ${nearest}` };
}

/** The position in the value: "item 2 (github): clientID", "entry anna". If the record has a name, the position contains the name. */
function placeOf([first, ...rest]: readonly PropertyKey[], raw: unknown): string {
  const item = valueAt(raw, [first]) as { readonly name?: unknown } | undefined;
  const called = typeof item?.name === "string" ? ` (${item.name})` : "";
  const start = typeof first === "number" ? `item ${first + 1}${called}` : `entry ${String(first)}`;
  if (rest.length === 0) return start;
  const path = rest.map((step, index) => (typeof step === "number" ? `[${step + 1}]` : `${index > 0 ? "." : ""}${String(step)}`));
  return `${start}: ${path.join("")}`;
}

/** The value at a path. The Pulumi engine passes all values except texts as JSON. */
function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = raw;
  if (typeof raw === "string") {
    try {
      value = JSON.parse(raw);
    } catch {
      return undefined;
    }
  }
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
  return value;
}
