import { type CompleteProblem, problemLines } from "../lib/problem";
import { ProgramError } from "../lib/program-error";
import { withoutInvisible } from "./invisible";

/** A problem of a stack's configuration, which a check of the configuration or the preflight found. */
export interface ConfigurationProblem extends CompleteProblem {
  /** The key, or `aws:region`. */
  readonly key: string;
}

/** All problems of a stack's configuration, in the order of the keys in docs/configuration.md. */
export class ConfigurationError extends ProgramError {
  readonly problems: readonly ConfigurationProblem[];

  /** @param stack name of the stack for the commands of the fixes; if undefined, they apply to the selected stack. */
  constructor(problems: readonly ConfigurationProblem[], stack?: string) {
    const plain = problems.map(withoutInvisibleParts).map((problem) => ({ ...problem, fix: forStack(problem.fix, stack) }));
    super(report(plain));
    this.problems = plain;
  }
}

/** Names and values come from people or from AWS, and may contain terminal control characters. */
function withoutInvisibleParts(problem: ConfigurationProblem): ConfigurationProblem {
  return Object.fromEntries(
    Object.entries(problem).map(([part, text]) => [part, withoutInvisible(text as string)]),
  ) as unknown as ConfigurationProblem;
}

/** Adds `--stack` to the commands of a fix, so that they change this stack also if another stack is selected. */
export function forStack(fix: string, stack: string | undefined): string {
  return stack === undefined ? fix : fix.replaceAll(/\bpulumi config (set|rm)\b/g, `pulumi config $1 --stack ${stack}`);
}

function report(problems: readonly ConfigurationProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const indent = " ".repeat(String(problems.length).length + 2);
  const items = problems.map((problem, index) => `${index + 1}. ${problemLines(problem, problem.key).join(`\n${indent}`)}`);
  return [`This stack's configuration has ${count}; nothing was changed.`, ...items, "All keys: docs/configuration.md"].join("\n\n");
}
