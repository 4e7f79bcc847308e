import { hostname } from "node:os";
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isProcessAlive } from "../../lib/process-alive";

/** The holder touches the lock file this often. A lock file that was not touched for ABANDONED_SECONDS was left by a computer that went down. */
const TOUCH_INTERVAL_SECONDS = 5;
const ABANDONED_SECONDS = 60;

/**
 * Runs `work` while holding a lock file. Of several processes, one runs `work`, and the other processes wait for its result.
 * The lock only saves work: a rename publishes each result, so results stay complete even if two processes should hold the lock.
 *
 * @param onWait called once with the holder's process id if another process holds the lock
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: (holder: number) => void = () => undefined): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  let reported = false;
  while (!take(file, mine)) {
    const holder = abandonedOrHolder(file);
    if (holder !== undefined && !reported) onWait(holder);
    reported ||= holder !== undefined;
    await sleep(100);
  }
  const life = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Another process took the lock. This process continues its work, because both processes get equally good results.
    }
  }, TOUCH_INTERVAL_SECONDS * 1000);
  try {
    return await work();
  } finally {
    clearInterval(life);
    if (read(file) === mine) rmSync(file, { force: true });
  }
}

function take(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The process that holds the lock. An abandoned lock is moved away, so that the next attempt can take it. */
function abandonedOrHolder(file: string): number | undefined {
  const content = read(file);
  if (content === undefined) return undefined;
  const holder = parse(content);
  if (holder !== undefined && isHeld(holder, file)) return holder.pid;
  if (holder === undefined && ageSeconds(file) < 2) return undefined; // Another process is writing the lock file at this moment.
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    // Another waiting process may have created its own lock in the meantime: that lock is moved back.
    if (read(aside) === content) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another waiting process was faster.
  }
  return undefined;
}

function isHeld(holder: { pid: number; host: string }, file: string): boolean {
  if (ageSeconds(file) > ABANDONED_SECONDS) return false;
  return holder.host !== hostname() || isProcessAlive(holder.pid);
}

function ageSeconds(file: string): number {
  return (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)) / 1000;
}

function parse(content: string): { pid: number; host: string } | undefined {
  try {
    return JSON.parse(content) as { pid: number; host: string };
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
