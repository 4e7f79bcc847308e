import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A process in a container of the sandbox's real node, as the kernel sees it. */
export interface ContainerProcess {
  readonly pid: number;
  /** Effective user ID. */
  readonly user: number;
  /** Effective capabilities as a bit mask. */
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
  /** Whether a filter of system calls applies. */
  readonly seccomp: boolean;
  /** Limit of the container's memory in bytes. */
  readonly memoryLimit: number;
}

/** Part of the names of all cgroups of real nodes. */
const CGROUP = "okd-aws-sandbox-";

const hierarchies = "/sys/fs/cgroup";

/** The processes in containers that run a program; the container's first process comes first. */
export function containerProcesses(program: string): ContainerProcess[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids
    .map(Number)
    .sort((one, other) => one - other)
    .flatMap((pid) => {
      const [status, cgroup] = ["status", "cgroup"].map((name) => textOf(join("/proc", String(pid), name)));
      const value = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
      if (value("Name") !== program || !cgroup.includes(`/${CGROUP}`)) return [];
      return {
        pid,
        user: Number(/^Uid:\s*\d+\s+(\d+)/m.exec(status)?.[1]),
        capabilities: BigInt(`0x${value("CapEff")}`),
        noNewPrivileges: value("NoNewPrivs") === "1",
        seccomp: value("Seccomp") === "2",
        memoryLimit: memoryLimitOf(cgroup),
      };
    });
}

/** Everything of real nodes that may be left on this computer: cgroups, network links, mounts, and directories with fixed paths. */
export function leftOnThisComputer(): Readonly<Record<string, readonly string[]>> {
  return {
    cgroups: cgroups(),
    links: readdirSync("/sys/class/net").filter((name) => name.startsWith("okdnode")),
    mounts: textOf("/proc/self/mounts")
      .split("\n")
      .filter((line) => /containerd|kubelet|netns/.test(line)),
    directories: ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers"].filter((path) => existsSync(path)),
  };
}

/** The cgroups of real nodes in all hierarchies. */
export function cgroups(): string[] {
  if (!existsSync(hierarchies)) return [];
  const roots = [hierarchies, ...readdirSync(hierarchies).map((name) => join(hierarchies, name))];
  return roots.flatMap((root) => namesIn(root).filter((name) => name.startsWith(CGROUP)));
}

/** The limit in the memory hierarchy of version 1, or in the only hierarchy of version 2. */
function memoryLimitOf(cgroup: string): number {
  const v1 = /^\d+:memory:(.*)$/m.exec(cgroup)?.[1];
  const file =
    v1 === undefined
      ? join(hierarchies, /^0::(.*)$/m.exec(cgroup)?.[1] ?? "", "memory.max")
      : join(hierarchies, "memory", v1, "memory.limit_in_bytes");
  return Number(textOf(file));
}

/** The content of a file; empty if the file is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
