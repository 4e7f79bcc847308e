import { existsSync, readFileSync } from "node:fs";
import { ensureToolchain, ToolchainError } from "../../toolchain";

/** Tools of a real node. */
const nodeTools = ["kubelet", "containerd", "dnsmasq", "pause", "registry", "example-web-root", "example-database-root"] as const;

/** Paths of a real node's programs. */
export type NodePrograms = Readonly<Record<(typeof nodeTools)[number], string>>;

/** Whether clusters get a real node: its programs, or the reason why they don't. */
export type NodeChoice = { readonly programs: NodePrograms } | { readonly problem: string };

/** Bits of the capabilities without which containers can't be started: CAP_NET_ADMIN and CAP_SYS_ADMIN (`linux/capability.h`). */
const neededCapabilities = [12, 21] as const;

/**
 * The reason why this process can't run a real node; undefined if it can.
 *
 * @param user the process's user ID; undefined on systems without user IDs
 * @param status the content of `/proc/self/status`; undefined on systems other than Linux
 */
export function nodeProblem(user: number | undefined, status: string | undefined): string | undefined {
  if (status === undefined) return "a real kubelet needs Linux";
  if (user !== 0) return `a real kubelet needs root, but this process has the user ID ${user ?? "unknown"}`;
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  if (neededCapabilities.some((bit) => ((mask >> BigInt(bit)) & 1n) === 0n))
    return "a real kubelet needs the capabilities NET_ADMIN and SYS_ADMIN, which this process does not have";
  return undefined;
}

/** Finds the programs of a real node, or downloads, unpacks or builds them, if this process can run such a node. */
export async function chooseNode(): Promise<NodeChoice> {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : undefined;
  const problem = nodeProblem(process.getuid?.(), status);
  if (problem !== undefined) return { problem };
  try {
    return { programs: (await ensureToolchain(nodeTools)).tools };
  } catch (error) {
    if (error instanceof ToolchainError) return { problem: error.message };
    throw error;
  }
}
