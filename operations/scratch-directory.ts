import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "./process-alive";
import { fateOf, identityOf } from "./process-identity";

/** Hours after which the directory of a process that cannot be seen from here counts as left behind: no command of this project takes that long. */
const MOST_HOURS = 24;

/** `okd-aws-<purpose>-<pid>-<start>-<boot>-<namespace>-<random>`; without `/proc` only the process number is known. */
const NAME = /^okd-aws-[a-z-]+?-(?<pid>\d+)-(?:(?<start>\d+)-(?<boot>[0-9a-f]{32})-(?<namespace>\d+)-)?[^-]+$/;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const made = new Set<string>();

/**
 * Runs something with a temporary directory that only its owner can enter. It is removed afterwards, also if the process is ended by Ctrl-C, SIGTERM or SIGHUP.
 * What a process leaves behind that was killed (SIGKILL), the next one removes.
 *
 * @param purpose part of the directory's name: lower-case letters and dashes.
 */
export async function withScratchDirectory<Result>(purpose: string, work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = makeScratchDirectory(purpose);
  try {
    return await work(directory);
  } finally {
    remove(directory);
  }
}

/** Like `withScratchDirectory`, but the directory stays until the process ends. */
export function makeScratchDirectory(purpose: string): string {
  removeAbandoned();
  removeAtEnd();
  const identity = identityOf(process.pid);
  const owner =
    identity === undefined
      ? [process.pid]
      : [identity.pid, identity.startTicks, identity.bootId.replaceAll("-", ""), identity.pidNamespace];
  const directory = mkdtempSync(join(tmpdir(), `okd-aws-${[purpose, ...owner].join("-")}-`));
  made.add(directory);
  return directory;
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  made.delete(directory);
}

function removeAll(): void {
  for (const directory of made) remove(directory);
}

/**
 * For programs that handle these signals themselves and then end in an orderly way: their directories stay until the process ends, since what they
 * started still works with them.
 */
export function keepScratchDirectoriesOnSignals(): void {
  keptOnSignals = true;
}

let keptOnSignals = false;
let listening = false;

/** A signal ends Node.js without `finally` and without the event `exit`, unless there is a listener. */
function removeAtEnd(): void {
  if (listening) return;
  listening = true;
  process.once("exit", removeAll);
  for (const signal of signals) {
    const end = (): void => {
      if (keptOnSignals) return;
      removeAll();
      // Without this listener the signal ends the process as if there had been none.
      process.off(signal, end);
      process.kill(process.pid, signal);
    };
    process.on(signal, end);
  }
}

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = NAME.exec(name)?.groups;
    if (owner === undefined) continue;
    const directory = join(tmpdir(), name);
    // Not what a symbolic link leads to: in a shared /tmp anybody can make one with such a name.
    const found = lstatSync(directory, { throwIfNoEntry: false });
    if (found === undefined || !found.isDirectory() || found.uid !== process.getuid?.()) continue;
    if (isAbandoned(owner, found.mtimeMs)) removeQuietly(directory);
  }
}

/** A leftover that cannot be removed, because another process removes it at the same time or because it holds another user's files, stops nobody's work. */
function removeQuietly(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // the next command tries again
  }
}

function isAbandoned({ pid = "", start, boot = "", namespace = "" }: Readonly<Partial<Record<string, string>>>, changed: number): boolean {
  if (start === undefined) return !isAlive(Number(pid));
  const bootId = boot.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const fate = fateOf({ bootId, pidNamespace: namespace, pid: Number(pid), startTicks: start });
  return fate === "ended" || (fate === "elsewhere" && Date.now() - changed > MOST_HOURS * 3_600_000);
}
