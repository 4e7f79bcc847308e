import { spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { Capture, type Printed } from "./capture";
import type { CommandContext } from "./command-context";

/** A program to run, and its environment. */
export interface SpawnedProgram {
  /** The command as the Pulumi program gave it, for messages. */
  readonly command: string;
  /** The executed words: the interpreter, its arguments, and the command. */
  readonly argv: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly logging: string | undefined;
}

/** Milliseconds until a killed program's output is closed: a process that left its process group may still hold it open. */
const OUTPUT_GRACE = 2000;

const running = new Set<ChildProcess>();

/** Kills a program with all its children: it leads its own process group. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The program has already ended.
  }
}

/** Kills every running program when the plugin itself ends. */
export function killAll(): void {
  running.forEach(kill);
}

/**
 * Runs a program until it ends and returns its output. If it fails, is killed or can't be started, the promise rejects with the vendor's
 * wording: how it ended (`exit status 3`, `signal: killed`), the command, and its output. Source: `local/commandOutputs.go` and Go's
 * `os/exec`. A difference: here the whole process group is killed, not only the interpreter.
 */
export async function runSpawnedProgram(program: SpawnedProgram, context: CommandContext): Promise<Printed> {
  const capture = new Capture(context, program.logging);
  const ended = await outcome(program, capture, context.signal);
  if (ended !== undefined) throw capture.failure(ended, program.command);
  return capture.end();
}

/** How a program ended, as a text; undefined if it succeeded. */
function outcome(program: SpawnedProgram, capture: Capture, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return Promise.resolve("context canceled");
  if (!statSync(program.directory, { throwIfNoEntry: false })?.isDirectory()) {
    return Promise.resolve(`chdir ${program.directory}: no such file or directory`);
  }
  const [file, ...args] = program.argv;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: program.directory,
      env: program.environment,
      detached: true,
      stdio: [program.stdin === "" ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const abort = (): void => {
      kill(child);
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_GRACE).unref();
    };
    running.add(child);
    signal.addEventListener("abort", abort);
    child.stdout?.on("data", (data: Buffer) => {
      capture.add("stdout", data);
    });
    child.stderr?.on("data", (data: Buffer) => {
      capture.add("stderr", data);
    });
    // A program may end without reading its input; that is not an error.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(program.stdin);
    const finish = (words: string | undefined): void => {
      running.delete(child);
      signal.removeEventListener("abort", abort);
      resolve(words);
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") finish(`fork/exec ${file}: ${error.message}`);
      else if (file.includes("/")) finish(`fork/exec ${file}: no such file or directory`);
      else finish(`exec: ${JSON.stringify(file)}: executable file not found in $PATH`);
    });
    child.on("close", (code, killer) => {
      finish(code === 0 ? undefined : killer === null ? `exit status ${code ?? 1}` : `signal: ${SIGNALS[killer] ?? killer}`);
    });
  });
}

/** Go's names of the signals that end programs in practice. */
const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: "aborted",
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGPIPE: "broken pipe",
  SIGQUIT: "quit",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};
