import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unreachableApi } from "./reachable";
import { type ProgramResult, runProgram } from "./run";

/** The request for a plan in a pull request. */
export interface PlanRequest {
  readonly stack: string;
  /** Directory for `plan.md`. */
  readonly out: string;
  /** Last commit of the pull request; the checked-out commit may be its merge with the base. */
  readonly head: string;
  /** URL of the run. */
  readonly link: string;
}

/**
 * Plans a stack with the environment's credentials. If the cluster's API can't be reached, the objects in the cluster are left out, and the plan says so.
 *
 * @returns the exit code of the preview. The plan is always written, also with errors of the preview.
 */
export async function planStack(request: PlanRequest): Promise<number> {
  const { stack } = request;
  const unreachable = await unreachableApi(stack);
  const note =
    unreachable === undefined
      ? []
      : [
          `> **Not previewed: the objects in the cluster.** This runner can't reach ${unreachable}; a self-hosted runner in its network can.`,
          "",
        ];
  const args = ["--stack", stack, "--markdown", ...(unreachable === undefined ? [] : ["--without-cluster"])];
  const ended = await runProgram("npx", ["tsx", "tools/plan/cli.ts", ...args]);
  return write(request, `Plan for \`${stack}\``, note, ended);
}

/** Plans a stack in the sandbox, without credentials: installs the base commit there, and previews the head commit on that installation. */
export async function planInSandbox(request: PlanRequest & { readonly base: string }): Promise<number> {
  const { stack, base } = request;
  const ended = await runProgram("npx", ["tsx", "sandbox/plan/cli.ts", "--base", base, "--stack", stack, "--deep", "--markdown"]);
  const note =
    "> **In the sandbox**, against an emulated AWS, since there are no credentials. The base commit was installed there, and this change was previewed on it.";
  return write(request, `Plan for \`${stack}\`, in the sandbox`, [note, ""], ended);
}

/** The comment for a run that ended before it had a plan. */
export function noPlan(stack: string, head: string, link: string): string {
  return `### No plan for \`${stack}\` at ${head}\n\nThe run ended before it had a plan: ${link}\n`;
}

function write({ out, head, link }: PlanRequest, title: string, note: readonly string[], { code, stdout }: ProgramResult): number {
  const text = code !== 0 && stdout.trim() === "" ? `**No plan: the preview failed.** The run has its output: ${link}\n` : stdout;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "plan.md"), [`### ${title} at ${head}`, "", ...note, text].join("\n"));
  return code;
}
