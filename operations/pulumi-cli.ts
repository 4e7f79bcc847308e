import { spawn } from "node:child_process";
import type { RunPulumi } from "./recovery/recover";

export interface PulumiCliOptions {
  /** Program to run instead of `pulumi`. */
  readonly program?: string;
  /** Variables besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs single Pulumi commands on a stack, from the project's directory; what one prints on standard error is the failure's text. */
export function pulumiCli(stack: string, workDir: string, { program = "pulumi", environment }: PulumiCliOptions = {}): RunPulumi {
  return async (args, input = "") => {
    const child = spawn(program, [...args, "--stack", stack, "--non-interactive", "--color", "never"], {
      cwd: workDir,
      detached: true,
      env: { ...process.env, ...environment },
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    child.stdin.on("error", () => undefined); // it ended before it read everything; its exit code says why
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(`pulumi ${args[0] ?? ""} failed: ${output.stderr.trim()}`);
    return output.stdout;
  };
}
