import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, readDaemon, spawnDaemon, stopDaemon } from "../../aws/daemon";
import { makePrivateDirectory, readJson, writePrivately } from "../../aws/private-file";
import type { Api, Credentials, KubeObject } from "../api";
import { cgroupOf, makeCgroup, removeCgroup } from "./cgroups";
import { privateDirectories, nodeRegistryPort, writeNodeConfiguration, writeRegistryConfiguration } from "./configuration";
import { pushImage, registryAnswers } from "./image";
import { nodeIdentity, type NodeIdentity } from "./identity";
import { connectNode, Forwarder, freeNetwork, linkRemoved, type NodeNetwork } from "./network";
import { containersLabel, type NodeImages } from "./placement";
import type { NodePrograms } from "./programs";

/** Seconds until the node's registry, and then the node itself, must be ready. The node needs about ten on an idle computer. */
const readySeconds = 120;

/** Lines of a log that an error quotes. */
const quotedLines = 8;

export interface RealNodeOptions {
  /** Directory of the node's files. */
  readonly directory: string;
  /** Name of the Node. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly programs: NodePrograms;
  /** The cluster's API server: its loopback port, a name in its certificate, its CA, and the CA of its kubelets' clients. */
  readonly server: { readonly port: number; readonly name: string; readonly clientCa: string } & Pick<Credentials, "ca">;
  readonly say: (text: string) => void;
}

/** The record on disk of a running node. */
interface Launch {
  readonly network: NodeNetwork;
  /** References of the images in the node's registry. */
  readonly images: NodeImages;
  /** Directories that were made for the node on this computer. */
  readonly made: readonly string[];
}

/**
 * A Node with a real kubelet and containerd, in its own mount, process and network namespaces. Its processes continue to run when the simulator
 * ends; connections between the node and this computer's loopback interface end with the simulator.
 */
export class RealNode {
  private constructor(
    readonly name: string,
    readonly images: NodeImages,
    private readonly directory: string,
    private readonly forwarder: Forwarder,
  ) {}

  /**
   * Starts the node, or attaches to the node that runs, and waits until it is Ready. A node that can't be started is removed again.
   *
   * @param api as `system:admin`
   * @throws Error that names the part that does not start, with the end of its log
   */
  static async start(api: Api, options: RealNodeOptions): Promise<RealNode> {
    const { directory, name, server } = options;
    const known = readDaemon(pidFile(directory)) && readJson<Launch>(launchFile(directory));
    if (known === undefined) await stopRealNode(directory);
    let forwarder: Forwarder | undefined;
    try {
      const { network, images } = known ?? (await launch(api, options));
      // The API server listens on loopback only, which the node can't reach.
      forwarder = await Forwarder.start({ address: network.hostAddress, port: server.port }, { address: "127.0.0.1", port: server.port });
      await waitUntilReady(api, options);
      return new RealNode(name, images, directory, forwarder);
    } catch (error) {
      forwarder?.close();
      await stopRealNode(directory);
      throw error;
    }
  }

  /** Whether the node's processes run. */
  get isRunning(): boolean {
    return readDaemon(pidFile(this.directory)) !== undefined;
  }

  /** Closes the connections to the node, which continues to run. */
  close(): void {
    this.forwarder.close();
  }
}

/** Starts the node's processes with their configuration, images and certificate. */
async function launch(api: Api, options: RealNodeOptions): Promise<Launch> {
  const { directory, programs, server, say } = options;
  makePrivateDirectory(directory);
  for (const name of ["names", "volumes", "opt", "pod-logs"]) mkdirSync(join(directory, name), { recursive: true, mode: 0o700 });
  closeSync(openSync(join(directory, "resolv.conf"), "w", 0o600));
  const network = freeNetwork();
  const made = privateDirectories.filter((path) => mkdirSync(path, { recursive: true }) !== undefined);
  const record = (images: NodeImages): Launch => {
    writePrivately(launchFile(directory), JSON.stringify({ network, images, made }));
    return { network, images, made };
  };
  record({ web: "", database: "" });
  const cgroup = cgroupOf(directory);
  makeCgroup(cgroup);
  writeRegistryConfiguration(directory, network);
  await connectNode(network, spawnNode(options, network));
  const { pause, ...images } = await pushImages(options, network);
  say(`the real node's images are in the registry ${network.nodeAddress}:${nodeRegistryPort}`);
  const clientCa = join(directory, "client-ca.crt");
  writePrivately(clientCa, server.clientCa);
  writePrivately(join(directory, "kubeconfig"), kubeconfig(network, options, await nodeIdentity(api, options.name)));
  writeNodeConfiguration({ directory, network, containerd: programs.containerd, cgroup, pauseImage: pause, clientCa });
  return record(images);
}

/** Starts the node's first process. Returns the ID of a process in the node's network namespace. */
function spawnNode({ directory, name, labels, programs }: RealNodeOptions, { nodeAddress, hostAddress }: NodeNetwork): number {
  const { child } = spawnDaemon({
    command: "unshare",
    args: ["--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child=SIGKILL", join(__dirname, "node.sh")],
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      LC_ALL: "C.UTF-8",
      NODE_DIRECTORY: directory,
      NODE_NAME: name,
      NODE_LABELS: Object.entries({ ...labels, [containersLabel]: "real" })
        .map((label) => label.join("="))
        .join(","),
      NODE_ADDRESS: nodeAddress,
      HOST_ADDRESS: hostAddress,
      CONTAINERD: programs.containerd,
      REGISTRY: programs.registry,
      DNSMASQ: programs.dnsmasq,
      KUBELET: programs.kubelet,
      PRIVATE: privateDirectories.join(" "),
    },
    logFile: join(directory, "node.log"),
    pidFile: pidFile(directory),
  });
  if (child.pid === undefined) throw new Error("unshare can't be started: install util-linux");
  return child.pid;
}

/** Assembles the images from the root file systems of Debian's packages and the scripts next to this file. */
async function pushImages(
  { directory, programs }: RealNodeOptions,
  network: NodeNetwork,
): Promise<NodeImages & { readonly pause: string }> {
  const registry = `${network.nodeAddress}:${nodeRegistryPort}`;
  await waitForRegistry(registry, directory);
  const base = join(directory, "image-base");
  mkdirSync(join(base, "tmp"), { recursive: true });
  chmodSync(join(base, "tmp"), 0o1777);
  const files = (name: "web" | "database") => [
    { directory: programs[`example-${name}-root`] },
    { directory: base },
    { directory: join(__dirname, "images", name) },
  ];
  const Env = ["PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"];
  const Entrypoint = ["/usr/bin/container-entrypoint"];
  const [pause, web, database] = await Promise.all([
    pushImage(
      {
        name: "pause",
        layers: [{ directory: dirname(programs.pause), file: basename(programs.pause) }],
        config: { Entrypoint: ["/pause"] },
      },
      registry,
      directory,
    ),
    // The user IDs of sclorg's images (sclorg/s2i-php-container, `8.3/Dockerfile.c9s`; sclorg/postgresql-container, `16/Dockerfile.c9s`; master).
    pushImage({ name: "web", layers: files("web"), config: { User: "1001", Entrypoint, Env } }, registry, directory),
    pushImage({ name: "database", layers: files("database"), config: { User: "26", Entrypoint, Env } }, registry, directory),
  ]);
  return { pause, web, database };
}

async function waitForRegistry(registry: string, directory: string): Promise<void> {
  for (const deadline = Date.now() + readySeconds * 1000; Date.now() < deadline;) {
    if (readDaemon(pidFile(directory)) === undefined) break;
    if (await registryAnswers(registry)) return;
    await sleep(100);
  }
  throw new Error(`the real node's registry does not start:\n${endOf(directory, ["node.log", "registry.log"])}`);
}

async function waitUntilReady(api: Api, { directory, name, say }: RealNodeOptions): Promise<void> {
  type Conditions = KubeObject & { readonly status?: { readonly conditions?: readonly { type: string; status: string }[] } };
  for (const deadline = Date.now() + readySeconds * 1000; Date.now() < deadline;) {
    if (readDaemon(pidFile(directory)) === undefined) break;
    const node = await api.get<Conditions>(`/api/v1/nodes/${name}`);
    if (node?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true) {
      say(`the real node ${name} is Ready`);
      return;
    }
    await sleep(500);
  }
  throw new Error(`the real node ${name} does not become Ready:\n${endOf(directory, ["node.log", "containerd.log", "kubelet.log"])}`);
}

function kubeconfig({ hostAddress }: NodeNetwork, { server }: RealNodeOptions, { certificate, key }: NodeIdentity): string {
  const data = (text: string) => Buffer.from(text).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "cluster",
        cluster: {
          server: `https://${hostAddress}:${server.port}`,
          "tls-server-name": server.name,
          "certificate-authority-data": data(server.ca),
        },
      },
    ],
    users: [{ name: "kubelet", user: { "client-certificate-data": data(certificate), "client-key-data": data(key) } }],
    contexts: [{ name: "kubelet", context: { cluster: "cluster", user: "kubelet" } }],
    "current-context": "kubelet",
  });
}

/**
 * Ends all processes of a node in a directory, and removes its cgroups, its files except the logs, and the directories that were made for it.
 * The kernel removes mounts, network namespaces and interfaces with the node's first process.
 */
export async function stopRealNode(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const daemon = readDaemon(pidFile(directory));
  if (daemon !== undefined && isAlive(daemon)) {
    // A graceful end would stop only `unshare`, which ignores SIGTERM while its child runs.
    process.kill(daemon.pid, "SIGKILL");
    await stopDaemon(daemon);
  }
  await removeCgroup(cgroupOf(directory));
  const known = readJson<Launch>(launchFile(directory));
  // If a directory were removed that another node uses as a mount point, the kernel would unmount it there.
  if (known !== undefined && !(await linkRemoved(known.network))) for (const path of known.made) removeIfEmpty(path);
  for (const name of readdirSync(directory)) if (!name.endsWith(".log")) rmSync(join(directory, name), { recursive: true, force: true });
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Somebody uses the directory, or has removed it.
  }
}

function endOf(directory: string, logs: readonly string[]): string {
  return logs
    .filter((name) => existsSync(join(directory, name)))
    .map((name) => {
      const lines = readFileSync(join(directory, name), "utf8").trimEnd().split("\n");
      return `${name}:\n${lines.slice(-quotedLines).join("\n")}`;
    })
    .join("\n");
}

function pidFile(directory: string): string {
  return join(directory, "node.pid");
}

function launchFile(directory: string): string {
  return join(directory, "node.json");
}
