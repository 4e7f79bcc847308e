import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isAlive, readDaemon, spawnDaemon, stopDaemon } from "../../aws/daemon";
import { makePrivateDirectory, writePrivately } from "../../aws/private-file";
import { cleanEnvironment } from "../../environment";
import { freePort } from "../../free-port";
import type { Api } from "../api";
import { removeVolumes, writeToken, writeVolumes } from "./volumes";
import { veleroProcess, type VeleroProcess, type Workload } from "./container";

/** Velero, its plugin, and a directory with its CRDs. */
export interface VeleroTools {
  readonly velero: string;
  readonly "velero-plugin-for-aws": string;
  readonly "velero-definitions": string;
}

export interface VeleroServerOptions {
  /** The cluster's directory. */
  readonly directory: string;
  /** Loopback port of the cluster's API server. */
  readonly port: number;
  readonly programs: VeleroTools;
  readonly say: (text: string) => void;
}

/** Milliseconds between two reads of the Deployment. */
const pollMilliseconds = 1500;

/** Milliseconds after which tokens and Secrets are written again. */
const refreshMilliseconds = 20 * 60_000;

/** Variables that lead to the front door. A real node's containers do not have them, because the network leads to AWS. */
const frontDoorVariables = /^(?:(?:https?|no)_proxy|SSL_CERT_FILE|AWS_CA_BUNDLE)$/i;

/**
 * Runs the real Velero server as long as the Deployment `velero` of some namespace is available. kwok simulates the Deployment's pod, and the
 * server's process takes the place of the container: arguments, variables, Secrets, tokens and the service account's rights come from the
 * Deployment.
 */
export class VeleroServer {
  private next = 0;
  private refreshAt = 0;
  private problem?: string;

  constructor(
    private readonly api: Api,
    private readonly options: VeleroServerOptions,
  ) {}

  /** Starts, restarts or stops the server. Problems are only logged. */
  async advance(): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + pollMilliseconds;
    const all = await this.api.list<Workload>("/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dvelero");
    const deployment = all.find(({ status }) => (status?.availableReplicas ?? 0) > 0);
    const running = readDaemon(pidFile(this.options.directory));
    if (deployment === undefined) {
      if (running !== undefined) this.options.say("velero: stops, because its Deployment is not available");
      return stopVelero(this.options.directory);
    }
    try {
      await this.run(deployment);
      this.problem = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.problem) this.options.say(`velero: can't run: ${problem}`);
      this.problem = problem;
    }
  }

  private async run(deployment: Workload): Promise<void> {
    const { directory, programs, say } = this.options;
    const home = homeOf(directory);
    const volumes = join(home, "volumes");
    const wanted = veleroProcess(deployment, volumes);
    const launch = JSON.stringify([
      wanted,
      deployment.metadata.namespace,
      deployment.metadata.uid,
      deployment.spec.template.spec.serviceAccountName,
    ]);
    const launchFile = join(home, "launch.json");
    const running = readDaemon(pidFile(directory));
    const same = running !== undefined && existsSync(launchFile) && readFileSync(launchFile, "utf8") === launch;
    if (same && Date.now() < this.refreshAt) return;
    makePrivateDirectory(volumes);
    await writeVolumes(this.api, deployment, volumes);
    await writeToken(this.api, deployment, { path: "token" }, home);
    this.refreshAt = Date.now() + refreshMilliseconds;
    if (same) return;
    if (running !== undefined) await stopDaemon(running);
    if (wanted.pluginDirectory !== undefined) {
      const link = join(wanted.pluginDirectory, "velero-plugin-for-aws");
      rmSync(link, { force: true });
      symlinkSync(programs["velero-plugin-for-aws"], link);
    }
    await this.start(wanted, deployment.metadata.namespace ?? "");
    writePrivately(launchFile, launch);
    say(`velero: runs for Deployment ${deployment.metadata.namespace ?? ""}/velero`);
  }

  private async start({ args, env }: VeleroProcess, namespace: string): Promise<void> {
    const { directory, programs } = this.options;
    const home = homeOf(directory);
    const temporary = join(home, "tmp");
    makePrivateDirectory(temporary);
    writePrivately(join(home, "kubeconfig"), this.kubeconfig(namespace));
    const [metrics, profiler] = [await freePort(), await freePort()];
    writePrivately(join(home, "metrics.json"), JSON.stringify({ port: metrics }));
    const frontDoor = Object.entries(process.env).filter(([name]) => frontDoorVariables.test(name));
    spawnDaemon({
      command: programs.velero,
      args: [
        ...args,
        `--kubeconfig=${join(home, "kubeconfig")}`,
        `--metrics-address=127.0.0.1:${metrics}`,
        `--profiler-address=127.0.0.1:${profiler}`,
      ],
      cwd: home,
      env: {
        ...cleanEnvironment({ PATH: process.env.PATH }),
        ...Object.fromEntries(frontDoor),
        HOME: home,
        TMPDIR: temporary,
        // There is no metadata service here, and AWS's SDK would wait for one.
        AWS_EC2_METADATA_DISABLED: "true",
        ...env,
      },
      logFile: join(directory, "velero.log"),
      pidFile: pidFile(directory),
    });
  }

  /** The pod's own access to the API: the token of its service account. */
  private kubeconfig(namespace: string): string {
    const { directory, port } = this.options;
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      "tls-server-name": "localhost",
      "certificate-authority": join(directory, "tls", "kube-apiserver-localhost-ca-bundle.crt"),
    };
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "local", cluster }],
      users: [{ name: "account", user: { tokenFile: join(homeOf(directory), "token") } }],
      contexts: [{ name: "local", context: { cluster: "local", user: "account", namespace } }],
      "current-context": "local",
    });
  }
}

/** Ends a cluster's Velero server if it runs, and removes its secrets. */
export async function stopVelero(directory: string): Promise<void> {
  const daemon = readDaemon(pidFile(directory));
  if (daemon !== undefined && isAlive(daemon)) await stopDaemon(daemon);
  if (existsSync(homeOf(directory))) removeVolumes(homeOf(directory));
}

function homeOf(directory: string): string {
  return join(directory, "velero");
}

function pidFile(directory: string): string {
  return join(homeOf(directory), "velero.pid");
}
