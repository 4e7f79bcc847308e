import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isReachable } from "./reachable";
import { run } from "./run";

/** Everything in the cluster, by its resources' names; what hangs on it goes with it. */
export const inTheCluster = ["--exclude", "**kubernetes:**", "--exclude-dependents"];

/** What a plan in a pull request is made of. */
export interface PlanRequest {
  readonly stack: string;
  /** Where `plan.md` is written. */
  readonly out: string;
}

/**
 * Plans a stack with the credentials of the environment. Where its API can't be reached from here, what is in the cluster is left out, and the plan says so.
 *
 * @returns the exit code of the preview; the plan is written in any case, with the errors of a preview that ends with some.
 */
export async function planStack({ stack, out }: PlanRequest): Promise<number> {
  const { code: known, stdout: apiUrl } = await run("pulumi", ["stack", "output", "apiUrl", "--stack", stack]);
  const installed = known === 0 && apiUrl.trim() !== "";
  const reachable = !installed || (await isReachable(apiUrl.trim()));
  const note = reachable
    ? []
    : [
        `> **Not previewed: the objects in the cluster.** ${apiUrl.trim()} can't be reached from here; a self-hosted runner in its network can.`,
        "",
      ];
  const args = ["--stack", stack, "--markdown", ...(reachable ? [] : ["--without-cluster"])];
  const { code, stdout } = await run("npx", ["tsx", "operations/plan/cli.ts", ...args]);
  write(out, [`### Plan for \`${stack}\``, "", ...note, stdout].join("\n"));
  return code;
}

/** Plans a stack in the sandbox, without credentials: the base is brought up there, and the head previewed on it. */
export async function planInSandbox({ stack, out, base }: PlanRequest & { readonly base: string }): Promise<number> {
  const { code, stdout } = await run("npx", ["tsx", "sandbox/plan/cli.ts", "--base", base, "--stack", stack, "--deep", "--markdown"]);
  const note =
    "> **In the sandbox**, against an emulated AWS: no credentials were given. What the base commit makes was brought up there, and this change previewed on it.";
  write(out, [`### Plan for \`${stack}\`, in the sandbox`, "", note, "", stdout].join("\n"));
  return code;
}

function write(directory: string, text: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "plan.md"), text);
}
