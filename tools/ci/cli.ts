import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withoutCluster } from "../plan/preview";
import { runMain } from "../../lib/run-main";
import { writeComment } from "./comment";
import { reportDrift } from "./drift";
import { forkComment } from "./fork";
import { GitHub } from "./github";
import { noPlan, planInSandbox, planStack } from "./plan";
import { unreachableApi } from "./reachable";
import { runProgram } from "./run";

export const usage = `The steps of the workflows in .github/ and ci/, which contain no shell scripts.

  npx tsx tools/ci/cli.ts plan --stack <stack> --head <commit> --out <dir>
                                                                            preview a stack, write <dir>/plan.md
  npx tsx tools/ci/cli.ts sandbox-plan --stack <stack> --base <commit> --head <commit> --out <dir>
                                                                            the same in the sandbox, without credentials
  npx tsx tools/ci/cli.ts comment --stack <stack> --pull-request <number> --head <commit> --out <dir>
                                                                            post <dir>/plan.md on the pull request, or that there is no plan
  npx tsx tools/ci/cli.ts comment-for-fork --stack <stack> --head <commit> --out <dir>
                                                                            the same for the run of a fork, which may not post itself
  npx tsx tools/ci/cli.ts drift --stack <stack>                         check for drift, and keep one issue about it up to date

Exit code 0: done; 1: failed, or the plan can't be applied; 2: wrong arguments.
`;

type Values = Readonly<Record<"stack" | "out" | "base" | "head" | "pull-request", string>>;

const commands: Readonly<Record<string, { readonly needs: readonly (keyof Values)[]; readonly run: (values: Values) => Promise<number> }>> =
  {
    plan: { needs: ["stack", "head", "out"], run: (values) => publishSummary(values, planStack({ ...values, link: linkToRun() })) },
    "sandbox-plan": {
      needs: ["stack", "base", "head", "out"],
      run: (values) => publishSummary(values, planInSandbox({ ...values, link: linkToRun() })),
    },
    comment: { needs: ["stack", "pull-request", "head", "out"], run: comment },
    "comment-for-fork": { needs: ["stack", "head", "out"], run: commentForFork },
    drift: { needs: ["stack"], run: drift },
  };

/**
 * Waits for the plan, adds it to the summary of the GitHub workflow run, and stores the pull request's number for the other workflow, which
 * may write comments.
 */
async function publishSummary({ out, "pull-request": number }: Values, planning: Promise<number>): Promise<number> {
  const code = await planning;
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary !== undefined) appendFileSync(summary, readFileSync(join(out, "plan.md")));
  if (number !== "") writeFileSync(join(out, "pull-request"), `${numberOf(number)}\n`);
  return code;
}

async function comment({ stack, out, head, "pull-request": number }: Values): Promise<number> {
  const plan = planOf(out) ?? noPlan(stack, head, linkToRun());
  const done = await writeComment(await GitHub.ofRunner(process.env), numberOf(number), stack, plan);
  process.stdout.write(`the comment is ${done}\n`);
  return 0;
}

/**
 * Comments on a fork's pull request. The output of a fork's run is untrusted, so the stored number is accepted only if the pull request
 * with this number is open and its last commit is the commit of the run.
 */
async function commentForFork({ stack, head, out }: Values): Promise<number> {
  const file = join(out, "pull-request");
  if (!existsSync(file)) {
    process.stdout.write(
      "the workflow run stored no pull request number, so no comment is written here; a run with credentials writes its own comment\n",
    );
    return 0;
  }
  const github = await GitHub.ofRunner(process.env);
  const number = numberOf(readFileSync(file, "utf8").trim());
  const pullRequest = await github.pullRequest(number);
  if (pullRequest.state !== "open" || pullRequest.head.sha !== head)
    throw new Error(`pull request ${number} is not open at ${head}: the plan is not posted`);
  const plan = planOf(out);
  const text = plan === undefined ? noPlan(stack, head, linkToRun()) : forkComment(stack, head, plan);
  const done = await writeComment(github, number, stack, text);
  process.stdout.write(`the comment is ${done}\n`);
  return 0;
}

/** The stored plan; undefined if the run ended before it had one. */
function planOf(out: string): string | undefined {
  const file = join(out, "plan.md");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function linkToRun(): string {
  const { GITHUB_SERVER_URL: server = "", GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ID: id = "" } = process.env;
  return `${server}/${repository}/actions/runs/${id}`;
}

/**
 * Checks for drift. If the cluster's API can't be reached, the objects in the cluster are left out, because the refresh of these objects
 * would fail.
 */
async function drift({ stack }: Values): Promise<number> {
  const unreachable = await unreachableApi(stack);
  const args = ["refresh", "--preview-only", "--expect-no-changes", "--diff", "--non-interactive", "--color", "never", "--stack", stack];
  if (unreachable !== undefined) args.push(...withoutCluster);
  const { code, stdout, stderr } = await runProgram("pulumi", args);
  // Only this text means drift: a refresh may also fail for another reason (pulumi/pulumi, `pkg/cmd/pulumi/operations/refresh.go`).
  const drifted = code !== 0 && stderr.includes("no changes were expected");
  if (code !== 0 && !drifted) return 1;
  const done = await reportDrift(await GitHub.ofRunner(process.env), {
    stack,
    difference: drifted ? stdout : undefined,
    unreachable,
    run: linkToRun(),
  });
  process.stdout.write(`${drifted ? "drift" : "no drift"}; issue: ${done}\n`);
  return 0;
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${JSON.stringify(text.slice(0, 20))} is not the number of a pull request`);
  return Number(text);
}

async function main(): Promise<number> {
  const text = { type: "string", default: "" } as const;
  const options = {
    stack: text,
    out: text,
    base: text,
    head: text,
    "pull-request": text,
    help: { type: "boolean", default: false },
  } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [name = "", ...more] = positionals;
  const command = Object.hasOwn(commands, name) && more.length === 0 ? commands[name] : undefined;
  const missing = command?.needs.filter((option) => values[option] === "") ?? [];
  if (command === undefined || missing.length > 0) {
    process.stderr.write(
      `${command === undefined ? (name === "" ? "the command is missing" : `the command ${name} is unknown`) : `--${missing.join(", --")} is missing`}\n\n${usage}`,
    );
    return 2;
  }
  return command.run(values);
}

if (require.main === module) {
  runMain(main);
}
