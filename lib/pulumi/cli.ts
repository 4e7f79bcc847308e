import { spawn } from "node:child_process";

/** Runs one Pulumi command on the stack, with this standard input, and returns its output. */
export type RunPulumi = (args: readonly string[], input?: string) => Promise<string>;

export interface PulumiCliOptions {
  /** Program to run instead of `pulumi`. */
  readonly program?: string;
  /** Environment variables in addition to those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The diagnostics of an update or a refresh, which the Pulumi engine prints on standard output: a heading, and lines with two spaces before them or none at all
 * (pulumi/pulumi, `pkg/backend/display/diff.go` and `progress.go`, master).
 */
function diagnosticsIn(stdout: string): string {
  const [, section = ""] = /^Diagnostics:\n((?:(?: {2}[^\n]*)?\n)*)/m.exec(stdout) ?? [];
  return section.trim();
}

/** Runs single Pulumi commands on a stack, in the project's directory. The message of a failed command is its standard error and its diagnostics. */
export function pulumiCli(stack: string, workDir: string, { program = "pulumi", environment }: PulumiCliOptions = {}): RunPulumi {
  return async (args, input = "") => {
    const child = spawn(program, [...args, "--stack", stack, "--non-interactive", "--color", "never"], {
      cwd: workDir,
      detached: true,
      env: { ...process.env, ...environment },
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    child.stdin.on("error", () => undefined); // the command ended before it read all input; its exit code says why
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) {
      const said = [output.stderr.trim(), diagnosticsIn(output.stdout)].filter((text) => text !== "");
      throw new Error(`pulumi ${args[0] ?? ""} failed: ${said.join("\n")}`);
    }
    return output.stdout;
  };
}
