import { spawn } from "node:child_process";
import { projectDirectory, type Sandbox } from "./sandbox";

export interface PulumiResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PulumiOptions {
  /** Shows the output while the command runs. */
  readonly show?: boolean;
  /** Standard input. @default none */
  readonly input?: string | undefined;
  /** The directory of the Pulumi program. @default the project's root */
  readonly cwd?: string;
  /** Variables in addition to the sandbox's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with the process id; tests use it to kill the process. */
  readonly onStart?: (pid: number) => void;
}

/** Runs one Pulumi command in the sandbox, in its own process group. */
export async function pulumi(sandbox: Sandbox, args: readonly string[], options: PulumiOptions = {}): Promise<PulumiResult> {
  const child = spawn(sandbox.toolchain.tools.pulumi, [...args, "--non-interactive", "--color", "never"], {
    cwd: options.cwd ?? projectDirectory,
    env: { ...sandbox.processEnvironment, ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdin.end(options.input ?? "");
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      if (options.show === true) process[name].write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      if (child.pid !== undefined) options.onStart?.(child.pid);
    });
    child.once("close", (code) => {
      resolve({ code: code ?? 137, ...output });
    });
  });
}

/**
 * Runs one Pulumi command that must succeed.
 *
 * @throws Error with the command's output.
 */
export async function pulumiOk(sandbox: Sandbox, args: readonly string[], options: PulumiOptions = {}): Promise<PulumiResult> {
  const result = await pulumi(sandbox, args, options);
  if (result.code !== 0) {
    throw new Error(`pulumi ${args.join(" ")} ended with exit code ${result.code}:\n${result.stdout}\n${result.stderr}`);
  }
  return result;
}
