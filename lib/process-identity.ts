import { readFileSync, readlinkSync } from "node:fs";

/**
 * Identifies one process of one boot. A process ID alone is not enough: the kernel reuses IDs, each container has its own numbering, and every boot starts at 1.
 */
export interface ProcessIdentity {
  /** Random ID of the boot; all containers of a machine share it (random(4), `/proc/sys/kernel/random/boot_id`). */
  readonly bootId: string;
  /** Inode of the PID namespace. The kernel reuses it only after all processes of the namespace have ended (pid_namespaces(7)). */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Start time in clock ticks since the boot; `exec` keeps it (proc_pid_stat(5), field 22). */
  readonly startTicks: string;
}

/** `elsewhere`: the process belongs to another boot or PID namespace, so its state is unknown. */
export type ProcessState = "running" | "ended" | "elsewhere";

/** Identity of a running process of this PID namespace; undefined if there is no such process, and on systems without `/proc`. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const kernel = thisKernel();
  const startTicks = processStartTicks(pid);
  return kernel === undefined || startTicks === undefined ? undefined : { ...kernel, pid, startTicks };
}

/** The state of a process, as far as it is visible in this PID namespace. */
export function processState({ bootId, pidNamespace, pid, startTicks }: ProcessIdentity): ProcessState {
  const kernel = thisKernel();
  if (kernel?.bootId !== bootId || kernel.pidNamespace !== pidNamespace) return "elsewhere";
  return processStartTicks(pid) === startTicks ? "running" : "ended";
}

function thisKernel(): Pick<ProcessIdentity, "bootId" | "pidNamespace"> | undefined {
  try {
    const pidNamespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return pidNamespace === undefined ? undefined : { bootId, pidNamespace };
  } catch {
    return undefined; // not Linux
  }
}

/** Start time of a process in clock ticks; undefined if it has ended, also if it is a zombie (state Z). */
function processStartTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The fields are counted from the last parenthesis: the command's name, in parentheses, may contain blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
