import { rmSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, readDaemon, spawnDaemon, stopDaemon } from "../aws/daemon";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import { freePort } from "../free-port";
import { Api } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import type { CrashGuard } from "./crash-guard";
import { installStages } from "./pods/stages";
import {
  apiServerArguments,
  cloudControllerArguments,
  controllerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
} from "./process-arguments";
import { stopPodProcesses } from "./applications/pod-processes";
import { stopContainerNode } from "./kubelet/container-node";
import { placementArguments } from "./kubelet/placement";
import type { NodeChoice } from "./kubelet/programs";
import { stopVelero } from "./velero/server";
import { answerTokenReviews, tokenReviewConfig } from "./token-review";

/** Paths of the control plane's programs. */
export interface Programs {
  readonly etcd: string;
  readonly "kube-apiserver": string;
  readonly "kube-controller-manager": string;
  readonly "kube-scheduler": string;
  readonly kwok: string;
  readonly "aws-cloud-controller-manager": string;
}

/** The processes in the order in which they are started. They are stopped in the opposite order. */
const names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "aws-cloud-controller-manager"] as const;
type Name = (typeof names)[number];

/** `names` without the cloud controller, which needs a node. */
const alwaysRunning = names.slice(0, 5);

/** Seconds until etcd and the API server must be ready. They need four on an idle computer. */
const startSeconds = 120;

/** Configuration file that tells the API server where to verify tokens. */
const tokenReviewFile = "token-review.json";

/** The cloud controller's configuration file. */
const cloudConfigFile = "cloud.conf";

/** Variables of the simulator's environment that lead the cloud controller to the emulated AWS. */
const awsVariables = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "AWS_CA_BUNDLE", "AWS_EC2_METADATA_DISABLED"];

/** etcd, API server and controller manager of one cluster. Their processes continue to run when the simulator ends. */
export class SimulatedControlPlane {
  private constructor(
    private readonly directory: string,
    readonly port: number,
    /** The simulator's own client, as `system:admin`. */
    readonly admin: Api,
    private readonly reviews: Server,
    private readonly programs: Programs,
    private readonly crashes: CrashGuard,
  ) {}

  /**
   * Starts the processes that don't run, with the certificates from the bootstrap instance's config, and waits until the API server is
   * ready.
   *
   * @param node whether the cluster gets a real node. The API server then places the node's pods
   * @throws Error that names the process that ended and its log, or says that the API server was not ready in time
   */
  static async start(
    directory: string,
    config: BootstrapConfig,
    programs: Programs,
    crashes: CrashGuard,
    node?: NodeChoice,
  ): Promise<SimulatedControlPlane> {
    makePrivateDirectory(directory);
    const tls = writeCertificates(directory, config);
    const { port, tokenReviewPort } = await portsOf(directory);
    const etcdSocket = join(directory, "etcd.sock");
    const admin = new Api(port, "localhost", config.controlPlane);
    writePrivately(join(directory, "kubeconfig"), kubeconfig(port, tls));
    writePrivately(join(directory, tokenReviewFile), tokenReviewConfig(tokenReviewPort));
    const reviews = await answerTokenReviews(tokenReviewPort, admin);
    const more = node !== undefined && "programs" in node ? placementArguments : [];
    const plane = new SimulatedControlPlane(directory, port, admin, reviews, programs, crashes);
    try {
      if (!isRunning(directory, "etcd")) rmSync(etcdSocket, { force: true });
      plane.run("etcd", etcdArguments(directory, etcdSocket));
      plane.run("kube-apiserver", apiServerArguments(directory, etcdSocket, port, config, tokenReviewFile, more));
      await plane.waitUntilReady();
      plane.run("kube-controller-manager", controllerArguments(tls));
      return plane;
    } catch (error) {
      plane.close();
      throw error;
    }
  }

  /** Starts the scheduler and kwok, which takes the place of the kubelets for pods, unless they run. Installs kwok's stages first. */
  async runPods(clusterNetwork: string): Promise<void> {
    await installStages(this.admin);
    // Each kwok process has its own identity. It would wait until the leases of an earlier process have expired, so those leases are deleted.
    if (!isRunning(this.directory, "kwok"))
      await this.admin.send("DELETE", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases");
    this.run("kube-scheduler", schedulerArguments(this.directory));
    this.run("kwok", kwokArguments(this.directory, clusterNetwork));
  }

  /**
   * Starts the cloud controller unless it runs, with its configuration and the variables that have its AWS credentials.
   *
   * @throws Error if it has crashed too often
   */
  runCloudController(configuration: string, credentials: Readonly<Record<string, string>>): void {
    const file = join(this.directory, cloudConfigFile);
    writePrivately(file, configuration);
    const environment = Object.fromEntries(awsVariables.map((name) => [name, process.env[name]]));
    this.run("aws-cloud-controller-manager", cloudControllerArguments(this.directory, file), { ...environment, ...credentials });
  }

  isRunning(name: Name): boolean {
    return isRunning(this.directory, name);
  }

  /** Starts a process unless it runs. @throws Error if it has crashed too often */
  private run(name: Name, args: string[], environment: NodeJS.ProcessEnv = {}): void {
    if (isRunning(this.directory, name)) return;
    const logFile = join(this.directory, `${name}.log`);
    this.crashes.beforeStart(name, logFile);
    spawnDaemon({
      command: this.programs[name],
      args,
      cwd: this.directory,
      env: { HOME: this.directory, PATH: process.env.PATH, GOMAXPROCS: "2", ...environment },
      logFile,
      pidFile: join(this.directory, `${name}.pid`),
    });
  }

  /** Closes the connections to the processes, which continue to run. */
  close(): void {
    this.admin.close();
    this.reviews.close();
    this.reviews.closeAllConnections();
  }

  /** The name of a process that has ended; undefined if all are running. The cloud controller is not among them. */
  get ended(): string | undefined {
    return alwaysRunning.find((name) => !isRunning(this.directory, name));
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + startSeconds * 1000;
    for (;;) {
      const ready = await this.admin.exchange("GET", "/readyz").catch((error: unknown) => String(error));
      if (ready === "ok") return;
      const ended = names.slice(0, 2).find((name) => !isRunning(this.directory, name));
      if (ended !== undefined) throw new Error(`${ended} has ended: see ${join(this.directory, ended)}.log`);
      if (Date.now() > deadline) throw new Error(`the API server was not ready after ${startSeconds} s: ${ready.slice(0, 300)}`);
      await sleep(100);
    }
  }
}

interface Ports {
  readonly port: number;
  readonly tokenReviewPort: number;
}

/** The cluster's ports. They are chosen once and never change. */
async function portsOf(directory: string): Promise<Ports> {
  const file = join(directory, "port.json");
  const known = readJson<Ports>(file);
  if (known !== undefined) return known;
  const ports: Ports = { port: await freePort(), tokenReviewPort: await freePort() };
  writePrivately(file, JSON.stringify(ports));
  return ports;
}

/** Ends the processes of a cluster's control plane that still run, in the opposite order of their start. */
async function stopControlPlane(directory: string): Promise<void> {
  for (const name of [...names].reverse()) {
    const pidFile = join(directory, `${name}.pid`);
    const daemon = readDaemon(pidFile);
    if (daemon !== undefined) await stopDaemon(daemon);
    rmSync(pidFile, { force: true });
  }
}

/** Ends a deleted cluster's processes and removes its files, except logs. */
export async function removeCluster(directory: string): Promise<void> {
  await stopVelero(directory);
  await stopPodProcesses(directory);
  await stopContainerNode(directory);
  await stopControlPlane(directory);
  for (const name of [
    "etcd",
    "tls",
    "machines",
    "masters",
    "bootstrap.ign",
    "kubeconfig",
    "state.json",
    "port.json",
    tokenReviewFile,
    cloudConfigFile,
  ])
    rmSync(join(directory, name), { recursive: true, force: true });
}

function isRunning(directory: string, name: Name): boolean {
  const daemon = readDaemon(join(directory, `${name}.pid`));
  return daemon !== undefined && isAlive(daemon);
}

/** Writes the certificates and keys of the config to files that only their owner can read. */
function writeCertificates(directory: string, config: BootstrapConfig): string {
  const tls = join(directory, "tls");
  makePrivateDirectory(tls);
  for (const [name, content] of config.tlsFiles) writePrivately(join(tls, name), content);
  return tls;
}

function kubeconfig(port: number, tls: string): string {
  const client = join(tls, "kube-control-plane-kube-controller-manager-client");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "local",
        cluster: {
          server: `https://127.0.0.1:${port}`,
          "tls-server-name": "localhost",
          "certificate-authority": join(tls, "kube-apiserver-localhost-ca-bundle.crt"),
        },
      },
    ],
    users: [{ name: "admin", user: { "client-certificate": `${client}.crt`, "client-key": `${client}.key` } }],
    contexts: [{ name: "admin", context: { cluster: "local", user: "admin" } }],
    "current-context": "admin",
  });
}
