import { rmSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, readDaemon, spawnDaemon, stopDaemon } from "../aws/daemon";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import { freePort } from "../free-port";
import { Api } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import { NamedCertificate } from "./named-certificate";
import { answerTokenReviews, tokenReviewConfig } from "./token-review";

/** Paths of the control plane's programs. */
export interface Programs {
  readonly etcd: string;
  readonly "kube-apiserver": string;
  readonly "kube-controller-manager": string;
}

/** The order in which they are started. They are stopped in the opposite order. */
const names = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;
type Name = (typeof names)[number];

/** Seconds until etcd and the API server must be ready. They need four on an idle computer. */
const startSeconds = 120;

/** Configuration file that tells the API server where to verify tokens. */
const tokenReviewFile = "token-review.json";

/** etcd, API server and controller manager of one cluster. Their processes continue to run when the simulator ends. */
export class SimulatedControlPlane {
  private constructor(
    private readonly directory: string,
    readonly port: number,
    /** The simulator's own client, as `system:admin`. */
    readonly admin: Api,
    private readonly reviews: Server,
  ) {}

  /**
   * Starts the processes that don't run, with the certificates from the bootstrap instance's config, and waits until the API server is
   * ready.
   *
   * @throws Error that names the process that ended and its log, or says that the API server was not ready in time
   */
  static async start(directory: string, config: BootstrapConfig, programs: Programs): Promise<SimulatedControlPlane> {
    makePrivateDirectory(directory);
    const tls = writeCertificates(directory, config);
    const { port, tokenReviewPort } = await portsOf(directory);
    const etcdSocket = join(directory, "etcd.sock");
    const admin = new Api(port, "localhost", config.controlPlane);
    writePrivately(join(directory, "kubeconfig"), kubeconfig(port, tls));
    writePrivately(join(directory, tokenReviewFile), tokenReviewConfig(tokenReviewPort));
    const start = (name: Name, args: string[]) => {
      spawnDaemon({
        command: programs[name],
        args,
        cwd: directory,
        env: { HOME: directory, PATH: process.env.PATH, GOMAXPROCS: "2" },
        logFile: join(directory, `${name}.log`),
        pidFile: join(directory, `${name}.pid`),
      });
    };
    const plane = new SimulatedControlPlane(directory, port, admin, await answerTokenReviews(tokenReviewPort, admin));
    try {
      if (!isRunning(directory, "etcd")) {
        rmSync(etcdSocket, { force: true });
        start("etcd", etcdArguments(directory, etcdSocket));
      }
      if (!isRunning(directory, "kube-apiserver")) start("kube-apiserver", apiServerArguments(directory, etcdSocket, port, config));
      await plane.waitUntilReady();
      if (!isRunning(directory, "kube-controller-manager")) start("kube-controller-manager", controllerArguments(tls));
      return plane;
    } catch (error) {
      plane.close();
      throw error;
    }
  }

  /** Closes the connections to the processes, which continue to run. */
  close(): void {
    this.admin.close();
    this.reviews.close();
    this.reviews.closeAllConnections();
  }

  /** The name of a process that has ended; undefined if all are running. */
  get ended(): string | undefined {
    return names.find((name) => !isRunning(this.directory, name));
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

/** Ends a cluster's processes, as far as they run. */
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
  await stopControlPlane(directory);
  for (const name of ["etcd", "tls", "machines", "masters", "bootstrap.ign", "kubeconfig", "state.json", "port.json", tokenReviewFile])
    rmSync(join(directory, name), { recursive: true, force: true });
}

function isRunning(directory: string, name: Name): boolean {
  const daemon = readDaemon(join(directory, `${name}.pid`));
  return daemon !== undefined && isAlive(daemon);
}

function etcdArguments(directory: string, socket: string): string[] {
  const url = `unix://${socket}`;
  // etcd requires the format of a host and port, and creates a socket with that name in its working directory.
  const peers = "unix://localhost:2380";
  return [
    "--name=bootstrap",
    `--data-dir=${join(directory, "etcd")}`,
    // Sockets in a private directory: no other user of this computer can read the cluster's secrets.
    `--listen-client-urls=${url}`,
    "--advertise-client-urls=unix://localhost:2379",
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=bootstrap=${peers}`,
    // A crash of this computer may destroy the simulated cluster.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

function apiServerArguments(directory: string, etcdSocket: string, port: number, config: BootstrapConfig): string[] {
  const tls = (name: string) => join(directory, "tls", name);
  const servers = ["kube-apiserver-internal-lb-server", "kube-apiserver-localhost-server", "kube-apiserver-service-network-server"];
  const network = config.manifest("Network").spec as { serviceNetwork: string[] };
  return [
    `--etcd-servers=unix://${etcdSocket}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    // Nothing connects to it, because no pods run. The API server requires an address outside loopback (RFC 5737).
    "--advertise-address=192.0.2.1",
    "--endpoint-reconciler-type=none",
    `--tls-cert-file=${tls("kube-apiserver-lb-server.crt")}`,
    `--tls-private-key-file=${tls("kube-apiserver-lb-server.key")}`,
    ...servers.map((name) => `--tls-sni-cert-key=${tls(`${name}.crt`)},${tls(`${name}.key`)}`),
    NamedCertificate.prepare(join(directory, "tls"), config),
    `--client-ca-file=${tls("kube-apiserver-complete-client-ca-bundle.crt")}`,
    `--service-account-key-file=${tls("service-account.pub")}`,
    `--service-account-signing-key-file=${tls("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--api-audiences=https://kubernetes.default.svc",
    `--service-cluster-ip-range=${network.serviceNetwork.join(",")}`,
    `--requestheader-client-ca-file=${tls("aggregator-signer.crt")}`,
    "--requestheader-allowed-names=kube-apiserver-proxy,system:kube-apiserver-proxy,system:openshift-aggregator",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    `--authentication-token-webhook-config-file=${join(directory, tokenReviewFile)}`,
    "--authentication-token-webhook-version=v1",
    // A deleted token remains valid for at most this time plus ten seconds, because the API server caches every token for ten seconds.
    "--authentication-token-webhook-cache-ttl=2s",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    "--profiling=false",
    "--v=1",
  ];
}

function controllerArguments(tls: string): string[] {
  return [
    `--kubeconfig=${join(tls, "..", "kubeconfig")}`,
    // The controllers that a cluster without pods and volumes needs. Not csrapproving: OpenShift itself decides about CSRs.
    "--controllers=" +
      [
        "certificatesigningrequest-signing-controller",
        "certificatesigningrequest-cleaner-controller",
        "serviceaccount-controller",
        "serviceaccount-token-controller",
        "legacy-serviceaccount-token-cleaner-controller",
        "namespace-controller",
        "garbage-collector-controller",
        "root-ca-certificate-publisher-controller",
        "clusterrole-aggregation-controller",
      ].join(","),
    `--cluster-signing-cert-file=${join(tls, "kubelet-signer.crt")}`,
    `--cluster-signing-key-file=${join(tls, "kubelet-signer.key")}`,
    `--service-account-private-key-file=${join(tls, "service-account.key")}`,
    `--root-ca-file=${join(tls, "kube-apiserver-complete-server-ca-bundle.crt")}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--v=1",
  ];
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
