import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProcessAlive } from "./process-alive";
import { processState, identityOf } from "./process-identity";

/** Hours after which the directory of a process in another boot or PID namespace counts as abandoned: no command of this project takes that long. */
const ABANDONED_AFTER_HOURS = 24;

/** `okd-aws-<purpose>-<pid>-<start>-<boot>-<namespace>-<random>`; without `/proc` the name has only the process ID. */
const NAME = /^okd-aws-[a-z-]+?-(?<pid>\d+)-(?:(?<start>\d+)-(?<boot>[0-9a-f]{32})-(?<namespace>\d+)-)?[^-]+$/;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const createdDirectories = new Set<string>();

/**
 * Runs `work` with a temporary directory that only its owner can enter. The directory is removed afterwards, also if Ctrl-C, SIGTERM or SIGHUP ends the process.
 * If the process is killed (SIGKILL), the next process that makes such a directory removes the old one.
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
  createdDirectories.add(directory);
  return directory;
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  createdDirectories.delete(directory);
}

function removeAll(): void {
  for (const directory of createdDirectories) remove(directory);
}

/**
 * Keeps the scratch directories until the process ends, also on SIGINT, SIGTERM and SIGHUP. For a program that handles these signals itself: the processes
 * that the program started still use the directories.
 */
export function keepScratchDirectoriesOnSignals(): void {
  keptOnSignals = true;
}

let keptOnSignals = false;
let isListening = false;

/** Without a listener a signal ends Node.js without running `finally` blocks and without the event `exit`. */
function removeAtEnd(): void {
  if (isListening) return;
  isListening = true;
  process.once("exit", removeAll);
  for (const signal of signals) {
    const end = (): void => {
      if (keptOnSignals) return;
      removeAll();
      // After the listener is removed, the same signal, sent again, ends the process in the default way.
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
    // lstat does not follow symbolic links: in a shared /tmp anybody can make a link with such a name.
    const found = lstatSync(directory, { throwIfNoEntry: false });
    if (found === undefined || !found.isDirectory() || found.uid !== process.getuid?.()) continue;
    if (isAbandoned(owner, found.mtimeMs)) removeQuietly(directory);
  }
}

/** Ignores errors: another process may remove the directory at the same time, or it may contain another user's files. */
function removeQuietly(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // the next command tries again
  }
}

function isAbandoned({ pid = "", start, boot = "", namespace = "" }: Readonly<Partial<Record<string, string>>>, changed: number): boolean {
  if (start === undefined) return !isProcessAlive(Number(pid));
  const bootId = boot.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const fate = processState({ bootId, pidNamespace: namespace, pid: Number(pid), startTicks: start });
  return fate === "ended" || (fate === "elsewhere" && Date.now() - changed > ABANDONED_AFTER_HOURS * 3_600_000);
}
