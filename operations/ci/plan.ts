import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unreachableApi } from "./reachable";
import { type Ended, run } from "./run";

/** What a plan in a pull request is made of. */
export interface PlanRequest {
  readonly stack: string;
  /** Where `plan.md` is written. */
  readonly out: string;
  /** The pull request's last commit: what is checked out may be its merge with the base. */
  readonly head: string;
  /** Where the run can be read. */
  readonly link: string;
}

/**
 * Plans a stack with the credentials of the environment. Where its API can't be reached from here, what is in the cluster is left out, and the plan says so.
 *
 * @returns the exit code of the preview; the plan is written in any case, with the errors of a preview that ends with some.
 */
export async function planStack(request: PlanRequest): Promise<number> {
  const { stack } = request;
  const unreachable = await unreachableApi(stack);
  const note =
    unreachable === undefined
      ? []
      : [
          `> **Not previewed: the objects in the cluster.** ${unreachable} can't be reached from here; a self-hosted runner in its network can.`,
          "",
        ];
  const args = ["--stack", stack, "--markdown", ...(unreachable === undefined ? [] : ["--without-cluster"])];
  const ended = await run("npx", ["tsx", "operations/plan/cli.ts", ...args]);
  return write(request, `Plan for \`${stack}\``, note, ended);
}

/** Plans a stack in the sandbox, without credentials: the base is brought up there, and the head previewed on it. */
export async function planInSandbox(request: PlanRequest & { readonly base: string }): Promise<number> {
  const { stack, base } = request;
  const ended = await run("npx", ["tsx", "sandbox/plan/cli.ts", "--base", base, "--stack", stack, "--deep", "--markdown"]);
  const note =
    "> **In the sandbox**, against an emulated AWS: no credentials were given. What the base commit makes was brought up there, and this change previewed on it.";
  return write(request, `Plan for \`${stack}\`, in the sandbox`, [note, ""], ended);
}

/** What is written where a run ended before it had a plan. */
export function noPlan(stack: string, head: string, link: string): string {
  return `### No plan for \`${stack}\` at ${head}\n\nThe run ended before there was one: ${link}\n`;
}

function write({ out, head, link }: PlanRequest, title: string, note: readonly string[], { code, stdout }: Ended): number {
  const text = code !== 0 && stdout.trim() === "" ? `**No plan: it failed.** What it said is in the run: ${link}\n` : stdout;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "plan.md"), [`### ${title} at ${head}`, "", ...note, text].join("\n"));
  return code;
}
