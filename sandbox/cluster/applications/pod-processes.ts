import { readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Daemon, isAlive, readDaemon, spawnDaemon, stopDaemon } from "../../aws/daemon";
import { makePrivateDirectory, readJson, writePrivately } from "../../aws/private-file";
import { freePort } from "../../free-port";
import type { Api, KubeObject } from "../api";
import { type Container, containerOf, isPodReady, mountedFiles, mountedVolume, type Pod, variablesOf } from "./pod";
import { databaseArguments, databaseSettings, databaseUser, dataDirectory, prepareData, removeData } from "./postgres";
import { type ApplicationPrograms, applicationPrograms } from "./programs";
import { removeSnapshotData } from "./volume-data";

/** Names of the images whose pods get a process. */
const IMAGES = { database: "postgresql-16-c9s", web: "php-83" } as const;

/** Paths in the containers: of the database's volume, and of the web server's program. */
const MOUNTS = { database: "/var/lib/pgsql/data", web: "/opt/app-root/src" } as const;

/** Milliseconds between two reads of the pods. */
const intervalMs = 1000;

/** Maximum of milliseconds from the start of a process until it accepts connections. */
const START_MS = 30_000;

/** Milliseconds from a failure to the next attempt. */
const retryMs = 5000;

interface PodProcess {
  readonly daemon: Daemon;
  readonly port: number;
}

/** The record on disk of a process that takes the place of a pod. */
interface Launch {
  readonly port: number;
  /** Directory with the data of a database. */
  readonly data?: string;
}

export interface PodProcessesOptions {
  /** The cluster's directory. */
  readonly directory: string;
  readonly say: (text: string) => void;
}

/**
 * Runs a process in the place of each ready pod of the two images that the example application uses, with the container's variables, program
 * and volume: PHP's own web server instead of Apache, and PostgreSQL. kwok reports the pod as ready whether its process runs or not.
 */
export class PodProcesses {
  private readonly running = new Map<string, PodProcess>();
  private readonly attempts = new Map<string, { readonly problem: string; readonly until: number }>();
  private programs?: ApplicationPrograms | string;
  private busy?: Promise<void>;
  private next = 0;

  constructor(
    private readonly api: Api,
    private readonly options: PodProcessesOptions,
  ) {
    makePrivateDirectory(homeOf(options.directory));
    for (const uid of launchesIn(options.directory)) {
      const daemon = readDaemon(pidFile(options.directory, uid));
      const launch = readJson<Launch>(launchFile(options.directory, uid));
      if (daemon !== undefined && launch !== undefined) this.running.set(uid, { daemon, port: launch.port });
    }
  }

  /** The loopback port of the process in a pod's place. */
  readonly portOf = (uid: string): number | undefined => {
    const found = this.running.get(uid);
    return found !== undefined && isAlive(found.daemon) ? found.port : undefined;
  };

  /** Starts and stops processes. It does not wait until a process has started, so that the simulation of the cluster continues. */
  advance(): void {
    if (this.busy !== undefined || Date.now() < this.next) return;
    this.busy = this.look()
      .catch((error: unknown) => {
        this.options.say(`processes of pods: ${error instanceof Error ? error.message : String(error)}`);
      })
      .then(() => {
        this.next = Date.now() + intervalMs;
        this.busy = undefined;
      });
  }

  private async look(): Promise<void> {
    const pods = (await this.api.list<Pod>("/api/v1/pods")).filter((pod) => kindOfPod(pod) !== undefined);
    const ready = pods.filter(isPodReady);
    for (const uid of [...this.running.keys()])
      if (!ready.some(({ metadata }) => metadata.uid === uid))
        await this.stop(
          uid,
          pods.find(({ metadata }) => metadata.uid === uid),
        );
    // Databases come first, because the web servers need their addresses.
    const ordered = [...ready].sort((one, other) => Number(kindOfPod(one) === "web") - Number(kindOfPod(other) === "web"));
    for (const pod of ordered) await this.ensure(pod, ready);
    await this.forgetVolumes();
  }

  private async ensure(pod: Pod, ready: readonly Pod[]): Promise<void> {
    const { uid = "", name = "", namespace = "" } = pod.metadata;
    if (this.portOf(uid) !== undefined) return;
    const failed = this.attempts.get(uid);
    if (failed !== undefined && Date.now() < failed.until) return;
    const title = `${namespace}/${name}`;
    try {
      this.programs ??= await applicationPrograms();
      if (typeof this.programs === "string")
        throw new Error(`the programs that take the place of the containers are missing. ${this.programs}`);
      const kind = kindOfPod(pod);
      const process = kind === "database" ? await this.database(pod, this.programs) : await this.web(pod, ready, this.programs);
      await listening(process);
      this.running.set(uid, process);
      this.attempts.delete(uid);
      this.options.say(
        `${title}: in the place of its container runs ${kind === "database" ? "PostgreSQL" : "PHP's web server"} as a process`,
      );
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (failed?.problem !== problem) this.options.say(`${title}: no process runs in the place of its container: ${problem}`);
      this.attempts.set(uid, { problem, until: Date.now() + retryMs });
    }
  }

  private async database(pod: Pod, { postgres }: ApplicationPrograms): Promise<PodProcess> {
    const container = containerOf(pod, IMAGES.database) as Container;
    const settings = databaseSettings(await variablesOf(this.api, pod.metadata.namespace ?? "", container));
    const data = dataDirectory(this.options.directory, await mountedVolume(this.api, pod, container, MOUNTS.database));
    await prepareData(postgres, data, settings);
    const port = await this.stablePort(`${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`);
    return this.start(
      pod,
      { port, data },
      { command: postgres, args: databaseArguments(data, port), cwd: data, env: {}, ...databaseUser() },
    );
  }

  private async web(pod: Pod, ready: readonly Pod[], { php }: ApplicationPrograms): Promise<PodProcess> {
    const { uid = "", namespace = "" } = pod.metadata;
    const container = containerOf(pod, IMAGES.web) as Container;
    const variables = await variablesOf(this.api, namespace, container);
    const files = await mountedFiles(this.api, pod, container, MOUNTS.web);
    const root = join(homeOf(this.options.directory), uid);
    makePrivateDirectory(root);
    for (const [name, content] of Object.entries(files)) writePrivately(join(root, name), content);
    const database = ready.find((each) => kindOfPod(each) === "database" && each.metadata.namespace === namespace);
    const databasePort = this.portOf(database?.metadata.uid ?? "");
    if (databasePort === undefined) throw new Error("the process of the pod's database does not run yet");
    const port = await freePort();
    // The pod's network is not imitated, so the name of the database's Service leads to loopback.
    const env = { ...variables, PGHOST: "127.0.0.1", PGPORT: String(databasePort) };
    return this.start(
      pod,
      { port },
      { command: php, args: ["-d", "display_errors=0", "-S", `127.0.0.1:${port}`, "-t", root], cwd: root, env },
    );
  }

  /**
   * The port of a named database. A new pod of the database gets the same port, because web servers keep the address with
   * which they were started.
   */
  private async stablePort(name: string): Promise<number> {
    const file = join(homeOf(this.options.directory), "ports.json");
    const known = readJson<Record<string, number>>(file) ?? {};
    if (Object.hasOwn(known, name)) return known[name];
    const port = await freePort();
    writePrivately(file, JSON.stringify({ ...known, [name]: port }));
    return port;
  }

  private start(
    pod: Pod,
    launch: Launch,
    process: { command: string; args: string[]; cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number },
  ): PodProcess {
    const { directory } = this.options;
    const { uid = "" } = pod.metadata;
    const { child, startTime } = spawnDaemon({
      ...process,
      env: { PATH: globalThis.process.env.PATH, LC_ALL: "C.UTF-8", ...process.env },
      logFile: join(directory, `pod-${pod.metadata.name ?? ""}.log`),
      pidFile: pidFile(directory, uid),
    });
    if (child.pid === undefined || startTime === undefined) throw new Error(`${process.command} did not start`);
    writePrivately(launchFile(directory, uid), JSON.stringify(launch));
    return { daemon: { pid: child.pid, startTime }, port: launch.port };
  }

  private async stop(uid: string, pod: Pod | undefined): Promise<void> {
    await stopPod(this.options.directory, uid);
    this.running.delete(uid);
    if (pod === undefined) this.attempts.delete(uid);
  }

  /** Deletes the data of volumes that no longer exist, and that no process uses. */
  private async forgetVolumes(): Promise<void> {
    const file = volumesFile(this.options.directory);
    const known = new Set(readJson<string[]>(file) ?? []);
    const volumes = await this.api.list<KubeObject & { spec: { csi?: { volumeHandle: string } } }>("/api/v1/persistentvolumes");
    const present = new Set(volumes.flatMap(({ spec }) => (spec.csi ? dataDirectory(this.options.directory, spec.csi.volumeHandle) : [])));
    const used = launchesIn(this.options.directory).flatMap((uid) => readJson<Launch>(launchFile(this.options.directory, uid))?.data ?? []);
    const gone = [...known].filter((data) => !present.has(data) && !used.includes(data));
    for (const data of gone) removeData(data);
    const kept = [...new Set([...known, ...used])].filter((data) => !gone.includes(data)).sort();
    if (JSON.stringify(kept) !== JSON.stringify([...known].sort())) writePrivately(file, JSON.stringify(kept));
  }
}

/** Waits until a process accepts connections, as the readiness probes of both pods do. @throws Error if it ends first, or after the time limit */
async function listening({ daemon, port }: PodProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (!isAlive(daemon)) throw new Error("the process ended at its start; its log is in the cluster's directory");
    if (Date.now() > deadline) {
      await stopDaemon(daemon);
      throw new Error(`the process does not listen on port ${port} after ${START_MS / 1000} seconds`);
    }
    await sleep(100);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("error", () => {
      done(false);
    });
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
  });
}

/** Which of the two images a pod has. */
function kindOfPod(pod: Pod): keyof typeof IMAGES | undefined {
  return (["database", "web"] as const).find((kind) => containerOf(pod, IMAGES[kind]) !== undefined);
}

/** Ends the processes in the places of a cluster's pods, and deletes their data. */
export async function stopPodProcesses(directory: string): Promise<void> {
  for (const uid of launchesIn(directory)) await stopPod(directory, uid);
  for (const data of readJson<string[]>(volumesFile(directory)) ?? []) removeData(data);
  removeSnapshotData(directory);
  rmSync(homeOf(directory), { recursive: true, force: true });
}

async function stopPod(directory: string, uid: string): Promise<void> {
  const daemon = readDaemon(pidFile(directory, uid));
  if (daemon !== undefined) await stopDaemon(daemon);
  for (const file of [pidFile(directory, uid), launchFile(directory, uid), join(homeOf(directory), uid)])
    rmSync(file, { recursive: true, force: true });
}

/** UIDs of the pods that have or had a process. */
function launchesIn(directory: string): string[] {
  try {
    return readdirSync(homeOf(directory)).flatMap((name) => /^(.*)\.launch\.json$/.exec(name)?.[1] ?? []);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function homeOf(directory: string): string {
  return join(directory, "pods");
}

function pidFile(directory: string, uid: string): string {
  return join(homeOf(directory), `${uid}.pid`);
}

function launchFile(directory: string, uid: string): string {
  return join(homeOf(directory), `${uid}.launch.json`);
}

function volumesFile(directory: string): string {
  return join(homeOf(directory), "volumes.json");
}
