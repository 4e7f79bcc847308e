import { withoutInvisible } from "./invisible";

/** One thing that is wrong with a stack's configuration, complete with what the user needs to put it right. */
export interface Problem {
  /** The key, or `aws:region`. */
  readonly key: string;
  readonly wrong: string;
  /** The value as the user wrote it; absent when it is not set, never a secret's. */
  readonly value?: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Everything that is wrong with a stack's configuration, in the order in which the reference lists the keys. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  /** The Pulumi SDK knows its own RunError by this mark, also across copies of itself, and prints such an error without a stack. */
  readonly __pulumiRunError = true;

  readonly problems: readonly Problem[];

  /** @param stack is named in the commands of the fixes; without it they are for the stack that is selected. */
  constructor(problems: readonly Problem[], stack?: string) {
    const plain = problems.map(withoutInvisibleParts).map((problem) => ({ ...problem, fix: forStack(problem.fix, stack) }));
    super(report(plain));
    this.problems = plain;
    // Where in the program a configuration was found wrong is nobody's concern; and Node 20's `util.inspect`, to which the SDK
    // hands every error, takes a minute and gigabytes for frames that lie in `node_modules/@scope`.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Names and values come from people, or from AWS, and may hold what a terminal obeys. */
function withoutInvisibleParts(problem: Problem): Problem {
  return Object.fromEntries(Object.entries(problem).map(([part, text]) => [part, withoutInvisible(text as string)])) as unknown as Problem;
}

/** A fix whose commands change this stack, whichever is selected. */
export function forStack(fix: string, stack: string | undefined): string {
  return stack === undefined ? fix : fix.replaceAll(/\bpulumi config (set|rm)\b/g, `pulumi config $1 --stack ${stack}`);
}

function report(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const indent = " ".repeat(String(problems.length).length + 2);
  const items = problems.map((problem, index) => {
    const lines = [
      ...(problem.value === undefined ? [] : [`value:   ${problem.value}`]),
      `allowed: ${problem.allowed}`,
      `fix:     ${problem.fix}`,
    ];
    return [`${index + 1}. ${problem.key} ${problem.wrong}`, ...lines.map((line) => indent + line)].join("\n");
  });
  return [`This stack's configuration has ${count}; nothing was changed.`, ...items, "All keys: docs/configuration.md"].join("\n\n");
}
