import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fateOf } from "../process-identity";
import { driverVariable, type EngineRecord, enginesOf } from "./engine-record";

/** Who holds a stack's lock, as the engine names it in its refusal. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970, to the second: when the lock was made. */
  readonly at?: number;
}

/** Seconds that an engine without a driver gets to end what it began. */
const patience = 300;

/** Seconds that a process may take to end after SIGKILL, and that clocks and a busy machine may be late. */
const margin = 10;

/** Who holds the lock, by the engine's refusal (pulumi/pulumi, `pkg/backend/diy/lock.go`, master); empty for any other failure. */
export function lockHolders(error: unknown): LockHolder[] {
  const text = error instanceof Error ? error.message : String(error);
  if (!text.includes("currently locked by")) return [];
  const found = [...text.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g)];
  const unique = new Map(found.map(([words, user, host, pid, at]) => [words, { user, host, pid: Number(pid), at: Date.parse(at) }]));
  return [...unique.values()];
}

/**
 * Makes sure that an update that was killed, or whose driver was killed, has ended together with all its plugins. An engine that still runs
 * is asked to stop, as Ctrl-C would.
 *
 * A lock names only a host and a process number, which another machine, container or process may have, too. So it counts as left behind only
 * if a driver recorded that engine in this boot and this PID namespace, and the lock was made while the driver was running: then the engine held the lock, and no
 * one else can have made one on the same stack.
 *
 * @throws Error if it is not known whose lock it is, or if the update is running under a driver.
 */
export async function endInterrupted(holder: LockHolder, stack: string, say: (text: string) => void): Promise<void> {
  const { user, host, pid } = holder;
  const found = host === hostname() ? enginesOf(stack, pid).find((each) => madeLock(each, holder)) : undefined;
  if (found === undefined) {
    throw new Error(
      `the stack ${stack} is locked by ${user} on ${host} (process ${pid}), and no interrupted run of this program on this machine made that lock. Wait for that update to end; ` +
        `if it was killed, run "pulumi cancel --stack ${stack}" and then the same command again.`,
    );
  }
  const { engine, record } = found;
  if (record.driver.pid !== process.pid && fateOf(record.driver) === "running")
    throw new Error(`an update of the stack ${stack} is running (process ${pid}): wait for its end, then run the same command again.`);
  if (fateOf(engine) === "running") {
    say(`an update of this stack runs without its driver, which was killed: it is asked to stop (process ${pid})`);
    process.kill(pid, "SIGINT");
    if (!(await holds(() => fateOf(engine) !== "running", patience)))
      throw new Error(`the update that was asked to stop is still at work after ${patience} s (process ${pid})`);
  }
  await endProcesses(record.token);
}

/** Whether the lock was made by this engine: after its start, and as long as its driver was seen. */
function madeLock({ started, record }: EngineRecord, { at }: LockHolder): boolean {
  // The engine names the time to the second.
  return at !== undefined && at >= Math.floor(started / 1000) * 1000 && at <= record.lastSeen + margin * 1000;
}

/** A killed engine's plugins live on and finish their work while the recovery looks at AWS. They carry the driver's token in their environment. */
async function endProcesses(token: string): Promise<void> {
  const ended = await holds(() => {
    const left = processesWith(`${driverVariable}=${token}`);
    for (const pid of left) kill(pid);
    return left.length === 0;
  }, margin);
  if (!ended) throw new Error(`processes of the killed update do not end: ${processesWith(`${driverVariable}=${token}`).join(", ")}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has just ended
  }
}

/** Waits for a condition; false if it does not come true in time. */
async function holds(condition: () => boolean, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) return false;
    await sleep(100);
  }
  return true;
}

/** Numbers of the processes that have a word in their environment, as far as this user may see it. */
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
