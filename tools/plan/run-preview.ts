import { spawn } from "node:child_process";
import type { Preview } from "../../lib/pulumi/change";
import type { CommandResult } from "./preview";
import { previewWithRefusals } from "./refusals";
import { engineDirectory } from "../../lib/pulumi/engine-directory";

/**
 * Runs `pulumi preview --json` with the environment's credentials. A preview with errors is returned, too; it contains the errors.
 *
 * @param options additional options of the command
 * @throws Error with Pulumi's output, if there is no preview at all.
 */
export async function previewOf(stack: string, workDir: string, options: readonly string[]): Promise<Preview> {
  const args = ["preview", "--json", "--stack", stack, "--non-interactive", "--color", "never", ...options];
  return previewWithRefusals((more, environment) => runPulumi([...args, ...more], workDir, environment), "pulumi preview");
}

async function runPulumi(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>>): Promise<CommandResult> {
  const child = spawn("pulumi", args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: engineDirectory(), ...environment },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { ...output, code };
}
