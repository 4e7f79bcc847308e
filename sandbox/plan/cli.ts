import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasErrors } from "../../tools/plan/preview";
import { type OutputFormat, formatPreview } from "../../tools/plan/format";
import { runCommand, stopwatch } from "../../lib/run-main";
import { withScratchDirectory } from "../../lib/scratch-directory";
import { comparePrograms } from "./compare-programs";
import { previewOnBase } from "./preview-on-base";
import { checkOut } from "./side";
import { configurationBetween } from "./stack-files";

const usage = `Explains what the changes between two commits mean for a stack. Needs no credentials: both programs run in the sandbox.

  make plan BASE=<commit> [HEAD=<commit>] [STACK=dev] [DEEP=1]

or npx tsx sandbox/plan/cli.ts --base <commit> [--head <commit>]
  --base <commit>   the deployed commit
  --head <commit>   the commit to deploy; by default the working tree with its uncommitted changes
  --stack <stack>   the stack whose stack file both commits have; by default dev. The sandbox can't decrypt another stack's secrets
  --deep            brings the base up in the sandbox and lets the Pulumi engine preview the head on it: minutes instead of seconds
  --markdown, --json  the format of the output

Exit code 0: planned; 1: failed, or the plan can't be applied; 2: wrong arguments.
`;

/** The parsed arguments. */
export interface Arguments {
  readonly base: string;
  readonly head: string;
  readonly stack: string;
  readonly deep: boolean;
  readonly output: OutputFormat;
}

/** Parses the arguments. Returns a text with the problem if they are invalid. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { base: text, head: text, stack: text, deep: flag, markdown: flag, json: flag },
    });
    const { base, head, deep, markdown, json } = values;
    if (base === "") return "the base commit is missing: add BASE=<commit> (--base <commit>)";
    if (markdown && json) return "--json or --markdown, not both";
    const stack = values.stack || "dev";
    // The stack's name becomes part of file names.
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(stack))
      return `${JSON.stringify(stack)} is not a valid stack name here: use letters, digits, "_", "." and "-"`;
    return { base, head, stack, deep, output: json ? "json" : markdown ? "markdown" : "terminal" };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(asked: Arguments): Promise<number> {
  const say = stopwatch();
  return withScratchDirectory("plan", async (directory) => {
    const sides = Promise.all([checkOut(asked.base, join(directory, "base")), checkOut(asked.head, join(directory, "head"))]);
    const { plan, note } = await (asked.deep ? previewOnBase : comparePrograms)({ directory, stack: asked.stack, sides, say });
    const [base, head] = await sides;
    const configuration = configurationBetween(base.directory, head.directory, asked.stack);
    process.stdout.write(formatPreview(plan, { output: asked.output, configuration, note }));
    return hasErrors(plan) ? 1 : 0;
  });
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
