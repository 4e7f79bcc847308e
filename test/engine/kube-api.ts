import "reflect-metadata";
import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes, webcrypto } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import { freePort } from "@okd-aws/sandbox/free-port";
import { KubeClient } from "./kube-client";

export interface KubeApiOptions {
  readonly directory: string;
  readonly tools: Readonly<Record<"etcd" | "kube-apiserver" | "kube-controller-manager", string>>;
  /** The name in the API server's certificate, by which clients know the server. */
  readonly name: string;
  /** Additional controllers. The controller that writes the tokens of service accounts always runs. */
  readonly controllers?: readonly string[];
  /** Additional arguments of the API server. */
  readonly serverArguments?: readonly string[];
  /**
   * Defines kinds before the controllers start, because they look for new kinds only every 30 s (kubernetes/kubernetes,
   * `garbagecollector.go`).
   */
  readonly prepare?: (api: KubeApi) => Promise<void>;
}

/**
 * A real API server with RBAC, a real etcd and a few controllers, with certificates and keys made for each run. They end with the process
 * that started them, even if it is killed.
 */
export class KubeApi extends KubeClient {
  private readonly processes: ChildProcess[] = [];
  private server: ChildProcess | undefined;

  private constructor(
    administrator: KubeClient["administrator"],
    private readonly options: KubeApiOptions,
    /** The port on which etcd answers clients. */
    readonly etcdPort: number,
  ) {
    super(administrator);
  }

  static async start(options: KubeApiOptions): Promise<KubeApi> {
    const [{ authority, certificate, key }, port, etcdPort] = await Promise.all([makeCertificate(options.name), freePort(), freePort()]);
    const api = new KubeApi({ port, ca: authority, token: randomBytes(16).toString("hex") }, options, etcdPort);
    try {
      api.writeFiles({ "ca.crt": authority, "server.crt": certificate, "server.key": key });
      await api.startAll();
    } catch (error) {
      await api.stop();
      throw error;
    }
    return api;
  }

  /** Kills the API server as a crash would, and starts it again after `whileDown`. */
  async crash(whileDown: () => Promise<void>): Promise<void> {
    await end(this.server);
    await whileDown();
    await this.startServer();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes, this.server].map(end));
  }

  /** Lets this process end although the servers still run; they end with it. */
  release(): void {
    for (const child of [...this.processes, this.server]) child?.unref();
  }

  private writeFiles(certificates: Readonly<Record<string, string>>): void {
    const { directory } = this.options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      privateKeyEncoding: { type: "sec1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const files = {
      ...certificates,
      "accounts.key": privateKey,
      "tokens.csv": `${this.administrator.token},admin,admin,system:masters\n`,
      kubeconfig: this.adminKubeconfig(`https://127.0.0.1:${this.port}`),
    };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { mode: 0o600 });
  }

  private async startAll(): Promise<void> {
    const { directory, tools } = this.options;
    const [client, peer] = [this.etcdPort, await freePort()].map((each) => `http://127.0.0.1:${each}`);
    const etcd = ["--data-dir", join(directory, "etcd"), "--unsafe-no-fsync", "--log-level=error", `--listen-client-urls=${client}`];
    etcd.push(`--advertise-client-urls=${client}`, `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`);
    this.processes.push(this.spawn(tools.etcd, [...etcd, `--initial-cluster=default=${peer}`]));
    await this.startServer();
    await this.options.prepare?.(this);
    const manager = [
      `--kubeconfig=${join(directory, "kubeconfig")}`,
      `--controllers=${["serviceaccount-token-controller", ...(this.options.controllers ?? [])].join(",")}`,
      "--leader-elect=false",
    ];
    manager.push(`--service-account-private-key-file=${join(directory, "accounts.key")}`, `--root-ca-file=${join(directory, "ca.crt")}`);
    this.processes.push(this.spawn(tools["kube-controller-manager"], [...manager, "--secure-port=0"]));
  }

  private async startServer(): Promise<void> {
    const { directory, tools } = this.options;
    const file = (name: string) => join(directory, name);
    const server = this.spawn(tools["kube-apiserver"], [
      `--etcd-servers=http://127.0.0.1:${this.etcdPort}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${this.port}`,
      `--tls-cert-file=${file("server.crt")}`,
      `--tls-private-key-file=${file("server.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${file("accounts.key")}`,
      `--service-account-signing-key-file=${file("accounts.key")}`,
      "--service-cluster-ip-range=172.30.0.0/16",
      "--authorization-mode=Node,RBAC",
      `--token-auth-file=${file("tokens.csv")}`,
      ...(this.options.serverArguments ?? []),
    ]);
    this.server = server;
    for (const deadline = Date.now() + 90_000; ;) {
      const ready = await this.call("GET", "/readyz").catch(() => undefined);
      if (ready?.status === 200) return;
      if (server.exitCode !== null || Date.now() > deadline)
        throw new Error(`kube-apiserver does not start:\n${this.logOf("kube-apiserver")}`);
      await sleep(250);
    }
  }

  private spawn(program: string, args: string[]): ChildProcess {
    const log = openSync(join(this.options.directory, `${program.split("/").at(-1) ?? ""}.log`), "a", 0o600);
    try {
      const bound = ["--pdeathsig", "KILL", program, ...args];
      return spawn("setpriv", bound, { cwd: this.options.directory, env: { PATH: process.env.PATH }, stdio: ["ignore", log, log] });
    } finally {
      closeSync(log);
    }
  }

  private logOf(name: string): string {
    return readFileSync(join(this.options.directory, `${name}.log`), "utf8")
      .split("\n")
      .slice(-20)
      .join("\n");
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

async function makeCertificate(name: string): Promise<{ authority: string; certificate: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const [authorityKeys, keys] = await Promise.all([makeKeys(), makeKeys()]);
  const dates = { notBefore: new Date(Date.now() - 3600_000), notAfter: new Date(Date.now() + 86_400_000), signingAlgorithm: algorithm };
  const issuer = "CN=test authority";
  const authority = await X509CertificateGenerator.createSelfSigned(
    { ...dates, name: issuer, keys: authorityKeys, extensions: [new BasicConstraintsExtension(true, undefined, true)] },
    webcrypto,
  );
  const names = new SubjectAlternativeNameExtension([
    { type: "dns", value: name },
    { type: "ip", value: "127.0.0.1" },
  ]);
  const certificate = await X509CertificateGenerator.create(
    { ...dates, subject: `CN=${name}`, issuer, publicKey: keys.publicKey, signingKey: authorityKeys.privateKey, extensions: [names] },
    webcrypto,
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { authority: `${authority.toString("pem")}\n`, certificate: `${certificate.toString("pem")}\n`, key: `${key}\n` };
}
