import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Set for every engine that a driver starts: the driver's process. */
export const driverVariable = "OKD_AWS_DRIVER";

/** Whoever holds a stack's lock, as the engine names it in its refusal. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** Seconds that an engine without a driver gets to end what it began. */
const patience = 300;

/** Who holds the lock, by the engine's refusal (pulumi/pulumi, `pkg/backend/diy/lock.go`); empty when that isn't what failed. */
export function lockHolders(error: unknown): LockHolder[] {
  const text = error instanceof Error ? error.message : String(error);
  if (!text.includes("currently locked by")) return [];
  const found = [...text.matchAll(/created by (\S+)@(\S+) \(pid (\d+)\)/g)];
  const unique = new Map(found.map(([words, user, host, pid]) => [words, { user, host, pid: Number(pid) }]));
  return [...unique.values()];
}

/**
 * Sees to it that an update which lost its driver, or was killed itself, has ended with all its plugins: one that still runs
 * is asked to stop, as Ctrl-C would.
 *
 * @throws Error when the update is somebody else's, or runs under a driver that lives.
 */
export async function endInterrupted({ user, host, pid }: LockHolder, stack: string, say: (text: string) => void): Promise<void> {
  if (host !== hostname()) {
    throw new Error(
      `the stack ${stack} is locked by ${user} on ${host} (process ${pid}). Wait for that update to end; ` +
        `if it was killed, run "pulumi cancel --stack ${stack}" and then the same command again.`,
    );
  }
  if (isEngine(pid)) {
    const driver = Number(
      wordsOf(pid, "environ")
        .find((word) => word.startsWith(`${driverVariable}=`))
        ?.slice(driverVariable.length + 1),
    );
    if (!(driver > 0) || isAlive(driver)) {
      throw new Error(`an update of the stack ${stack} is running (process ${pid}): wait for its end, then run the same command again.`);
    }
    say(`an update of this stack runs without its driver, which was killed: it is asked to stop (process ${pid})`);
    process.kill(pid, "SIGINT");
    const deadline = Date.now() + patience * 1000;
    while (isEngine(pid)) {
      if (Date.now() > deadline) throw new Error(`the update that was asked to stop is still at work after ${patience} s (process ${pid})`);
      await new Promise((later) => setTimeout(later, 200));
    }
  }
  // A killed engine's plugins live on and finish what they were told, while the recovery looks at what is there. They are
  // known by the session that the engine led, whose number nobody else gets while one of them lives.
  for (const member of processes()) if (statusOf(member)?.session === pid) process.kill(member, "SIGKILL");
}

function isEngine(pid: number): boolean {
  return isAlive(pid) && /(^|\/)pulumi$/.test(wordsOf(pid, "cmdline")[0] ?? "");
}

function isAlive(pid: number): boolean {
  return (statusOf(pid)?.state ?? "Z") !== "Z";
}

function processes(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** State and session, which stand behind the name in parentheses (proc(5), `/proc/<pid>/stat`). */
function statusOf(pid: number): { readonly state: string; readonly session: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, session: Number(session) };
  } catch {
    return undefined; // gone
  }
}

function wordsOf(pid: number, file: "environ" | "cmdline"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  } catch {
    return []; // gone meanwhile, or somebody else's
  }
}
