import { parseArgs } from "node:util";

export const usage = `Proves that a cluster serves an application: writes to the example application through each router and reads it through another, restarts its
database. With RESTORE=1, where Velero backs up volumes, it also backs the application up, deletes it with the entries of all users, restores it and
reads again. At the end it removes its entries and its backup.

  make smoke STACK=<stack> [RESTORE=1]

or npx tsx tools/smoke/cli.ts --stack <stack>
  --restore   also backs up, deletes and restores the application (RESTORE=1)
  --dry-run   only checks that each route answers, and says what a run would do (DRY_RUN=1)
  --json      prints the result as JSON

The stack needs exampleApplication (docs/example-application.md). Uses the stack's kubeconfig. Run it on a computer that reaches the routers: one
with the scope Internal is reached only from the cluster's network.
Exit code 0: every step succeeded, even if some were left out; 1: a step failed; 2: wrong arguments.
`;

/** The arguments of the command line. */
export interface SmokeArguments {
  readonly stack: string;
  readonly dryRun: boolean;
  /** Whether the application is backed up, deleted and restored. */
  readonly restore: boolean;
  readonly json: boolean;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): SmokeArguments | string {
  const flag = { type: "boolean", default: false } as const;
  try {
    const options = { stack: { type: "string", default: "" }, "dry-run": flag, restore: flag, json: flag } as const;
    const { stack, json, restore, "dry-run": dryRun } = parseArgs({ args: [...args], options }).values;
    return stack === "" ? "the stack is missing: add STACK=<stack> (--stack <stack>)" : { stack, dryRun, restore, json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
