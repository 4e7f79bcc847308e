import { execFile } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The network of a real node: a link between this computer and the node, and the range of the pods' addresses. */
export interface NodeNetwork {
  /** Name of the link's interface on this computer. */
  readonly link: string;
  readonly hostAddress: string;
  readonly nodeAddress: string;
  /** CIDR block of the pods. */
  readonly podRange: string;
}

/** The first two numbers of all addresses. The range belongs to no VPC of the examples, and is not routed on the internet (RFC 1918). */
const prefix = "10.254";

/** The beginning of the names of all nodes' links. */
const linkPrefix = "okdnode";

/** Milliseconds until the node's process must have its own network namespace. */
const namespaceMs = 10_000;

/** A network that no interface of this computer uses. @throws Error if all 256 are used */
export function freeNetwork(interfaces = networkInterfaces()): NodeNetwork {
  const used = new Set(Object.values(interfaces).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []));
  for (let number = 0; number < 256; number += 1)
    if (!used.has(`${prefix}.${number}.1`)) {
      const address = (last: number) => `${prefix}.${number}.${last}`;
      return { link: `${linkPrefix}${number}`, hostAddress: address(1), nodeAddress: address(2), podRange: `${address(128)}/25` };
    }
  throw new Error(`all networks for a real node, ${prefix}.0.0 to ${prefix}.255.0, are in use on this computer`);
}

/**
 * Connects this computer with the node's network namespace. The kernel removes the link when the namespace ends.
 *
 * @param pid a process in the node's network namespace, which may still be starting
 */
export async function connectNode({ link, hostAddress, nodeAddress, podRange }: NodeNetwork, pid: number): Promise<void> {
  for (const deadline = Date.now() + namespaceMs; readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync("/proc/self/ns/net");) {
    if (Date.now() > deadline) throw new Error(`the process ${pid} has no network namespace of its own`);
    await sleep(20);
  }
  const ip = (...args: string[]) => run("ip", args);
  await ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
  await ip("address", "add", `${hostAddress}/30`, "dev", link);
  await ip("link", "set", link, "up");
  await ip("route", "add", podRange, "via", nodeAddress);
}

/** Waits until the kernel has removed a node's link, for up to five seconds. @returns whether this computer has links of other nodes */
export async function linkRemoved({ link }: Pick<NodeNetwork, "link">): Promise<boolean> {
  const links = () => readdirSync("/sys/class/net").filter((name) => name.startsWith(linkPrefix));
  for (const deadline = Date.now() + 5000; links().includes(link) && Date.now() < deadline;) await sleep(50);
  return links().length > 0;
}

/** Forwards TCP connections to another address. It ends with this process. */
export class Forwarder {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port 0 for a free port */
  static async start(from: { address: string; port: number }, to: { address: string; port: number }): Promise<Forwarder> {
    const server = createServer((incoming) => {
      const outgoing = connect(to.port, to.address);
      // An error of one side closes the other side.
      for (const [one, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ])
        one.on("error", () => other.destroy()).on("close", () => other.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    });
    await new Promise<void>((done, failed) => {
      server.once("error", failed).listen(from.port, from.address, done);
    });
    server.unref();
    const address = server.address();
    return new Forwarder(server, typeof address === "object" ? (address?.port ?? 0) : 0);
  }

  close(): void {
    this.server.close();
  }
}
