import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { typeInWords } from "./decode";
import { type ValueProblem, setCommand, setItemCommand } from "./problem";
import type { Reported } from "./key";
import { nestedProblem } from "./nested-issue";
import { describeKey, exampleItem, type KeyName } from "./schema";

/** Maximum edit distance between a wrong word and a suggestion. */
const MAX_EDITS = 2;

/** Translates an issue of the zod schema at a key into a problem for users. */
export function issueProblem(name: KeyName, issue: z.core.$ZodIssue, raw: unknown): ValueProblem {
  if (issue.path.length > 0 && (describeKey(name).records || issue.code !== "custom")) return nestedProblem(issue, raw);
  switch (issue.code) {
    case "custom":
      return reportedProblem(name, issue.params as unknown as Reported);
    case "invalid_value":
      return {
        wrong: "is not one of the allowed values",
        ...(typeof raw === "string" ? suggestion(name, issue.values.map(String), raw) : {}),
      };
    case "too_small":
      return { wrong: `is less than ${issue.minimum}`, fix: setCommand(name, String(issue.minimum)) };
    case "too_big":
      if (issue.origin === "array") return { wrong: `has more than ${issue.maximum} entries`, fix: "remove the surplus entries" };
      return { wrong: `is more than ${issue.maximum}`, fix: setCommand(name, String(issue.maximum)) };
    default:
      return wrongType(name, raw);
  }
}

/** A problem that a key's own check reported, with the command that sets the suggested value or an example. */
function reportedProblem(name: KeyName, { problem: reported, index }: Reported): ValueProblem {
  // No suggestion for a secret, because the suggested value would contain a part of the secret.
  const problem = describeKey(name).secret === true ? { ...reported, instead: undefined } : reported;
  if (problem.fix !== undefined) return problem;
  if (index !== undefined) return { ...problem, fix: setItemCommand(name, index, problem.instead ?? exampleItem(name)) };
  return problem.instead === undefined ? problem : { ...problem, fix: setCommand(name, problem.instead) };
}

function wrongType(name: KeyName, raw: unknown): ValueProblem {
  const { type } = describeKey(name);
  return { wrong: `is not ${typeInWords(type)}`, ...(type === "array" && typeof raw === "string" ? { fix: listCommand(name, raw) } : {}) };
}

/** The fix that sets the most similar word, if there is one. */
function suggestion(name: KeyName, words: readonly string[], raw: string): { readonly fix?: string } {
  const nearest = words.find((word) => word.toLowerCase() === raw.toLowerCase()) ?? words.find((word) => distance(word, raw) <= MAX_EDITS);
  return nearest === undefined ? {} : { fix: setCommand(name, nearest) };
}

/** The commands that set a list whose items were given as one text, separated by commas or spaces. */
function listCommand(name: KeyName, raw: string): string {
  const items = raw.split(/[\s,]+/).filter((item) => item !== "");
  return items.map((item, index) => setItemCommand(name, index, item)).join(" && ") || setItemCommand(name, 0, exampleItem(name));
}
