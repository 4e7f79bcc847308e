import { spawn } from "node:child_process";
import { MissingProgram, Unavailable } from "./errors";

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Kills the command and everything that it started after this many seconds. @default no limit */
  readonly limitSeconds?: number;
  /** The package to install if the command does not exist. */
  readonly install?: string;
}

/** Enough lines of a failed build's output to show the reason, but not so many that the reason is lost. */
const SHOWN_LINES = 15;
const KEPT_CHARACTERS = 64_000;

/**
 * Runs a command until it ends and returns its standard output.
 *
 * @throws MissingProgram if the command does not exist; Unavailable with its last output lines if it fails or takes too long.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const limited = options.limitSeconds !== undefined;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    // A separate process group can be killed with all its children. Without a limit, the terminal's Ctrl-C must reach the command.
    detached: limited,
  });
  const endGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The command has already ended.
    }
  };
  let stdout = "";
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-KEPT_CHARACTERS)));

  const late = new AbortController();
  late.signal.addEventListener("abort", endGroup);
  const end = (): void => {
    late.abort();
  };
  const timer = limited ? setTimeout(end, options.limitSeconds * 1000) : undefined;
  if (limited) process.once("exit", endGroup);
  try {
    const code = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit, signal) => {
        resolve(exit ?? signal ?? 1);
      });
    });
    if (late.signal.aborted) throw new Unavailable(`${shown(command, args)} was killed: it took more than ${options.limitSeconds ?? 0} s`);
    if (code !== 0) throw new Unavailable(`${shown(command, args)} failed (${code}):\n${lastLines(output)}`);
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new MissingProgram(`${command} is not installed`, options.install ?? command);
  } finally {
    clearTimeout(timer);
    process.removeListener("exit", endGroup);
  }
}

function shown(command: string, args: readonly string[]): string {
  return [command.split("/").at(-1), ...args.slice(0, 3)].join(" ");
}

function lastLines(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .slice(-SHOWN_LINES)
    .map((line) => `    ${line}`)
    .join("\n");
}
