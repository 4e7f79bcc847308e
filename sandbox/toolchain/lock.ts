import { hostname } from "node:os";
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../operations/process-alive";

/** The holder says every so often that it lives; a lock this much older is left over from a machine that went down. */
const SIGN_OF_LIFE_SECONDS = 5;
const ABANDONED_SECONDS = 60;

/**
 * Does something while holding a lock file, so that of several processes one works and the others wait for its result.
 * The lock only saves work: results are published by a rename, which stays whole even if two should ever hold it.
 *
 * @param onWait called once when another process holds the lock, with its id
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: (holder: number) => void = () => undefined): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  let told = false;
  while (!take(file, mine)) {
    const holder = abandonedOrHolder(file);
    if (holder !== undefined && !told) onWait(holder);
    told ||= holder !== undefined;
    await sleep(100);
  }
  const life = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Taken over: the work goes on, its result is as good as the other's.
    }
  }, SIGN_OF_LIFE_SECONDS * 1000);
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

/** The process that holds the lock; an abandoned lock is put aside, for the next attempt to take it. */
function abandonedOrHolder(file: string): number | undefined {
  const content = read(file);
  if (content === undefined) return undefined;
  const holder = parse(content);
  if (holder !== undefined && isHeld(holder, file)) return holder.pid;
  if (holder === undefined && ageSeconds(file) < 2) return undefined; // being written at this moment
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    // Another process that waits may have put its own in place meanwhile: it gets that back.
    if (read(aside) === content) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another process that waits was quicker.
  }
  return undefined;
}

function isHeld(holder: { pid: number; host: string }, file: string): boolean {
  if (ageSeconds(file) > ABANDONED_SECONDS) return false;
  return holder.host !== hostname() || isAlive(holder.pid);
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
