import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds until the containers' processes must be gone after the node's end. */
const emptyMs = 15_000;

/** Name of the cgroup of a node, below which its containers have theirs; unique to the node's directory. */
export function cgroupOf(directory: string): string {
  return `/okd-aws-sandbox-${createHash("sha256").update(directory).digest("hex").slice(0, 16)}`;
}

/** Makes the cgroup in each hierarchy. The containers get their cgroups below it. */
export function makeCgroup(name: string): void {
  for (const root of hierarchies()) {
    const directory = join(root, name);
    mkdirSync(directory, { recursive: true });
    // In version 1, a new cgroup may use no processor and no memory until both are named (kernel documentation, `admin-guide/cgroup-v1/cpusets`).
    for (const file of ["cpuset.cpus", "cpuset.mems"])
      if (existsSync(join(root, file))) writeFileSync(join(directory, file), readFileSync(join(root, file)));
  }
}

/**
 * Removes a node's cgroups. They can be removed only when their processes are gone.
 *
 * @throws Error with the process IDs that are left after 15 s
 */
export async function removeCgroup(name: string): Promise<void> {
  for (const deadline = Date.now() + emptyMs; ;) {
    const left = hierarchies().flatMap((root) => removeTree(join(root, name)));
    if (left.length === 0) return;
    if (Date.now() > deadline) throw new Error(`the cgroup ${name} can't be removed: processes ${[...new Set(left)].join(", ")} still run`);
    await sleep(100);
  }
}

/** Removes a cgroup with those below it. Returns the processes that keep it. */
function removeTree(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const below = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const left = below.flatMap(({ name }) => removeTree(join(directory, name)));
  if (left.length > 0) return left;
  try {
    rmdirSync(directory);
    return [];
  } catch {
    const processes = readFileSync(join(directory, "cgroup.procs"), "utf8").split("\n").filter(Boolean);
    return processes.length > 0 ? processes : ["unknown"];
  }
}

/** Directories at which the kernel's cgroup hierarchies are mounted: several for version 1, one for version 2. */
function hierarchies(): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, directory]) => directory);
}
