import { readFileSync, readlinkSync } from "node:fs";

/**
 * One process of one running kernel. A process number alone is not enough: numbers are used again, each container counts its own, and every boot starts from 1.
 */
export interface ProcessIdentity {
  /** Random number of the kernel's boot; containers of one machine share it (random(4), `/proc/sys/kernel/random/boot_id`). */
  readonly bootId: string;
  /** Inode of the PID namespace. The kernel uses it again only after all processes of the namespace have ended (pid_namespaces(7)). */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Start time in clock ticks since the boot; `exec` keeps it (proc_pid_stat(5), field 22). */
  readonly startTicks: string;
}

/** `elsewhere`: another boot or another PID namespace, whose processes cannot be seen from here. */
export type Fate = "running" | "ended" | "elsewhere";

/** Identity of a running process of this PID namespace; undefined if there is none, and on systems without `/proc`. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const kernel = thisKernel();
  const startTicks = startOf(pid);
  return kernel === undefined || startTicks === undefined ? undefined : { ...kernel, pid, startTicks };
}

/** What became of a process, as far as this PID namespace can tell. */
export function fateOf({ bootId, pidNamespace, pid, startTicks }: ProcessIdentity): Fate {
  const kernel = thisKernel();
  if (kernel?.bootId !== bootId || kernel.pidNamespace !== pidNamespace) return "elsewhere";
  return startOf(pid) === startTicks ? "running" : "ended";
}

function thisKernel(): Pick<ProcessIdentity, "bootId" | "pidNamespace"> | undefined {
  try {
    const pidNamespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return pidNamespace === undefined ? undefined : { bootId, pidNamespace };
  } catch {
    return undefined; // no Linux
  }
}

/** Undefined for a process that has ended, also while its parent has not asked for its exit code (state Z). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name, in parentheses, may contain anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
