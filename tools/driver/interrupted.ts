import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { processState } from "../../lib/process-identity";
import { driverVariable, type EngineRecord, enginesOf } from "./engine-record";

/** The holder of a stack's lock, from the Pulumi engine's error message. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Creation time of the lock in milliseconds since 1970, in whole seconds. */
  readonly at?: number;
}

/** Maximum number of seconds to wait until a Pulumi engine whose driver was killed has finished the operations that it began. */
const engineStopSeconds = 300;

/** Seconds that a process may take to end after SIGKILL; also the tolerance for the clocks of a busy machine. */
const marginSeconds = 10;

/** The lock's holders, from the Pulumi engine's error message (pulumi/pulumi, `pkg/backend/diy/lock.go`, master); empty for any other error. */
export function lockHolders(error: unknown): LockHolder[] {
  const text = error instanceof Error ? error.message : String(error);
  if (!text.includes("currently locked by")) return [];
  const found = [...text.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g)];
  const unique = new Map(found.map(([words, user, host, pid, at]) => [words, { user, host, pid: Number(pid), at: Date.parse(at) }]));
  return [...unique.values()];
}

/**
 * Ends an update that was killed, or whose driver was killed, together with all its plugins. A Pulumi engine that still runs gets SIGINT, as after
 * Ctrl-C.
 *
 * A lock names only a host and a process ID; a process of another machine or container may have the same host name and process ID. So the
 * lock counts as left behind only if a driver recorded that Pulumi engine in this boot and PID namespace, and if the lock was created while
 * that driver was running. Then that engine held the lock, and nobody else can have locked the same stack.
 *
 * @throws Error if the lock's owner is unknown, or if the update is running under a driver.
 */
export async function endInterrupted(holder: LockHolder, stack: string, say: (text: string) => void): Promise<void> {
  const { user, host, pid } = holder;
  const found = host === hostname() ? enginesOf(stack, pid).find((each) => madeLock(each, holder)) : undefined;
  if (found === undefined) {
    throw new Error(
      `the stack ${stack} is locked by ${user} on ${host} (process ${pid}), and no interrupted run of this program on this machine created that lock. Wait until that update ends; ` +
        `if it was killed, run "pulumi cancel --stack ${stack}" and then the same command again.`,
    );
  }
  const { engine, record } = found;
  if (record.driver.pid !== process.pid && processState(record.driver) === "running")
    throw new Error(`an update of the stack ${stack} is running (process ${pid}): wait until it ends, then run the same command again.`);
  if (processState(engine) === "running") {
    say(`an update of this stack is running (process ${pid}), but its driver was killed: the update is being stopped`);
    process.kill(pid, "SIGINT");
    if (!(await holds(() => processState(engine) !== "running", engineStopSeconds)))
      throw new Error(
        `the interrupted update did not stop within ${engineStopSeconds} s (process ${pid}). Wait until the process ends, then run the same command again`,
      );
  }
  await endProcesses(record.token);
}

/** Whether this Pulumi engine created the lock: after the Pulumi engine's start and while its driver was running. */
function madeLock({ started, record }: EngineRecord, { at }: LockHolder): boolean {
  // The lock's time has whole seconds, so the engine's start time is rounded down.
  return at !== undefined && at >= Math.floor(started / 1000) * 1000 && at <= record.lastSeen + marginSeconds * 1000;
}

/**
 * Kills the plugins of a killed engine, because they would continue to change AWS during the recovery. The plugins are found by the
 * driver's token in their environment.
 */
async function endProcesses(token: string): Promise<void> {
  const ended = await holds(() => {
    const left = processesWith(`${driverVariable}=${token}`);
    for (const pid of left) kill(pid);
    return left.length === 0;
  }, marginSeconds);
  if (!ended) throw new Error(`processes of the killed update did not end: ${processesWith(`${driverVariable}=${token}`).join(", ")}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has just ended
  }
}

/** Waits for a condition; false if it is not met in time. */
async function holds(condition: () => boolean, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) return false;
    await sleep(100);
  }
  return true;
}

/** IDs of the processes that have this variable in their environment, as far as this user may read it. */
function processesWith(word: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(word));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // ended, or another user's
  }
}
