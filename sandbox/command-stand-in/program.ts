import { spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { Capture, type Printed } from "./capture";
import type { Operation } from "./operation";

/** What to run, where, and with what. */
export interface Program {
  /** As the program gave it, for messages. */
  readonly command: string;
  /** What is executed: the interpreter, its arguments, and the command. */
  readonly argv: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly logging: string | undefined;
}

/** How long a killed program's output may stay open before it is given up: something that left its process group may still hold it. */
const PATIENCE = 2000;

const running = new Set<ChildProcess>();

/** Kills a program with all that it started: it leads a process group of its own. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Kills every running program: for the end of the plugin itself. */
export function killAll(): void {
  running.forEach(kill);
}

/**
 * Runs a program to its end and gives what it printed. One that fails, is killed or can't be started rejects with the vendor's wording: how it
 * ended (`exit status 3`, `signal: killed`), the command, and its output. Source: `local/commandOutputs.go` and Go's `os/exec`. Other than there,
 * the whole process group is killed, not only the interpreter.
 */
export async function run(program: Program, operation: Operation): Promise<Printed> {
  const capture = new Capture(operation, program.logging);
  const ended = await outcome(program, capture, operation.signal);
  if (ended !== undefined) throw capture.failure(ended, program.command);
  return capture.end();
}

/** How a program ended, in words, or undefined when it succeeded. */
function outcome(program: Program, capture: Capture, signal: AbortSignal): Promise<string | undefined> {
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
      }, PATIENCE).unref();
    };
    running.add(child);
    signal.addEventListener("abort", abort);
    child.stdout?.on("data", (data: Buffer) => {
      capture.add("stdout", data);
    });
    child.stderr?.on("data", (data: Buffer) => {
      capture.add("stderr", data);
    });
    // A program may end without reading its input: that is its own affair.
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

/** Go's words for the signals that end programs in practice. */
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
