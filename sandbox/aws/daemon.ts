import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { writePrivately } from "./private-file";

/**
 * A process that outlives the command that started it. Its id and start time identify it, so that no later process with the same id is mistaken for it.
 */
export interface Daemon {
  readonly pid: number;
  readonly startTime: string;
}

export interface DaemonOptions {
  /** The name in messages: "the emulated AWS". */
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  pidFile: string;
  /** The process writes this file when it is ready. The file is removed before the process starts. */
  readyFile: string;
  timeoutSeconds: number;
}

export type SpawnOptions = Pick<DaemonOptions, "command" | "args" | "cwd" | "env" | "logFile" | "pidFile"> & {
  /** User and group of the process. @default this process's */
  readonly uid?: number;
  readonly gid?: number;
};

/** Starts a process in its own session. A reader of its pid file can watch and stop the process. */
export function spawnDaemon(options: SpawnOptions): { child: ChildProcess; startTime: string | undefined } {
  const log = openSync(options.logFile, "a", 0o600);
  const { command, args, cwd, env, uid, gid } = options;
  const child = spawn(command, args, { cwd, env, uid, gid, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  // Without a listener, the error would end this process. `startDaemon` reports it; other callers notice that the process does not exist.
  child.once("error", () => undefined);
  child.unref();
  const startTime = child.pid === undefined ? undefined : startTimeOf(child.pid);
  if (child.pid !== undefined && startTime !== undefined) writePrivately(options.pidFile, JSON.stringify({ pid: child.pid, startTime }));
  return { child, startTime };
}

/**
 * Starts a process in its own session and waits until its ready file exists. Otherwise it throws an error with the last lines of the
 * process's log.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  rmSync(options.readyFile, { force: true });
  const { child, startTime } = spawnDaemon(options);
  let failure: string | undefined;
  child.once("error", (error) => (failure = error.message));
  child.once(
    "exit",
    (code, signal) => (failure ??= signal ? `it was killed by ${signal}` : `it ended with exit code ${code ?? "unknown"}`),
  );

  const deadline = Date.now() + options.timeoutSeconds * 1000;
  while (!existsSync(options.readyFile)) {
    await sleep(25);
    if (failure !== undefined || Date.now() > deadline) {
      if (child.pid !== undefined && startTime !== undefined) await stopDaemon({ pid: child.pid, startTime });
      failure ??= `it was not ready after ${options.timeoutSeconds} s`;
      throw new Error(`${options.name} did not start: ${failure}. The end of ${options.logFile}:\n${lastLines(options.logFile)}`);
    }
  }
  return readDaemon(options.pidFile) ?? { pid: child.pid ?? 0, startTime: startTime ?? "" };
}

/** The process that a pid file names; undefined if that process has ended. */
export function readDaemon(pidFile: string): Daemon | undefined {
  if (!existsSync(pidFile)) return undefined;
  const daemon = JSON.parse(readFileSync(pidFile, "utf8")) as Daemon;
  return isAlive(daemon) ? daemon : undefined;
}

export function isAlive(daemon: Daemon): boolean {
  return startTimeOf(daemon.pid) === daemon.startTime;
}

/** Asks the process to end, and kills it after five seconds. Returns when it is gone. */
export async function stopDaemon(daemon: Daemon): Promise<void> {
  for (const [signal, seconds] of [
    ["SIGTERM", 5],
    ["SIGKILL", 5],
  ] as const) {
    if (!isAlive(daemon)) return;
    process.kill(daemon.pid, signal);
    for (let waited = 0; waited < seconds * 1000 && isAlive(daemon); waited += 25) await sleep(25);
  }
  if (isAlive(daemon)) throw new Error(`process ${daemon.pid} does not end, not even by SIGKILL`);
}

/** The start time of a process, as the system prints it; undefined if the process does not exist or is a zombie. */
function startTimeOf(pid: number): string | undefined {
  try {
    // Field 2 of /proc/<pid>/stat is the command's name in parentheses, which may contain any character. Field 3 is the state, field 22 the start time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s*/s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    if (existsSync("/proc/self/stat")) return undefined;
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-20).join("\n");
}
