import "reflect-metadata";
import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes, webcrypto } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import { dump } from "js-yaml";
import { freePort } from "@okd-aws/sandbox/free-port";

/** The identity of an API call: a user that the administrator impersonates, or the holder of a token. */
export type Identity = { readonly user: string; readonly groups?: readonly string[] } | { readonly token: string };

export interface KubeAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

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

/** A real API server with RBAC, a real etcd and a few controllers, with certificates and keys made for each run. */
export class KubeApi {
  private readonly processes: ChildProcess[] = [];
  private server: ChildProcess | undefined;
  private readonly adminToken = randomBytes(16).toString("hex");
  private authority = "";
  port = 0;

  private constructor(private readonly options: KubeApiOptions) {}

  static async start(options: KubeApiOptions): Promise<KubeApi> {
    const api = new KubeApi(options);
    try {
      await api.startAll();
    } catch (error) {
      await api.stop();
      throw error;
    }
    return api;
  }

  /** CA and token with which a client connects as the administrator. */
  get administrator(): { readonly ca: string; readonly token: string } {
    return { ca: this.authority, token: this.adminToken };
  }

  /** A kubeconfig of the administrator for the given server. */
  adminKubeconfig(server: string): string {
    const data = Buffer.from(this.authority).toString("base64");
    return dump({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "cluster", cluster: { server, "certificate-authority-data": data } }],
      users: [{ name: "admin", user: { token: this.adminToken } }],
      contexts: [{ name: "admin", context: { cluster: "cluster", user: "admin" } }],
      "current-context": "admin",
    });
  }

  async call(method: string, path: string, body?: unknown, identity?: Identity): Promise<KubeAnswer> {
    const headers: Record<string, string | string[]> = { "Content-Type": "application/json", Authorization: `Bearer ${this.adminToken}` };
    if (identity !== undefined && "token" in identity) headers.Authorization = `Bearer ${identity.token}`;
    else if (identity !== undefined) {
      headers["Impersonate-User"] = identity.user;
      if (identity.groups !== undefined) headers["Impersonate-Group"] = [...identity.groups];
    }
    return new Promise((resolve, reject) => {
      const call = httpsRequest(
        { host: "127.0.0.1", port: this.port, method, path, headers, ca: this.authority, agent: false, timeout: 20_000 },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part: string) => (text += part));
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, body: text.startsWith("{") ? (JSON.parse(text) as KubeAnswer["body"]) : { text } });
          });
        },
      );
      call.on("error", reject).on("timeout", () => call.destroy(new Error("the API server does not answer")));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** @throws Error if the request does not succeed */
  async must(method: string, path: string, body?: unknown, identity?: Identity): Promise<KubeAnswer["body"]> {
    const answer = await this.call(method, path, body, identity);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
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

  private async startAll(): Promise<void> {
    const { directory, tools, name } = this.options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const [certificate, port, clientPort, peerPort] = await Promise.all([makeCertificate(name), freePort(), freePort(), freePort()]);
    this.authority = certificate.authority;
    this.port = port;
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      privateKeyEncoding: { type: "sec1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const files = {
      "ca.crt": certificate.authority,
      "server.crt": certificate.certificate,
      "server.key": certificate.key,
      "accounts.key": privateKey,
      "tokens.csv": `${this.adminToken},admin,admin,system:masters\n`,
      kubeconfig: this.adminKubeconfig(`https://127.0.0.1:${port}`),
    };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { mode: 0o600 });
    writeFileSync(join(directory, "etcd-port"), String(clientPort));
    const [client, peer] = [clientPort, peerPort].map((each) => `http://127.0.0.1:${each}`);
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
      `--etcd-servers=http://127.0.0.1:${readFileSync(file("etcd-port"), "utf8")}`,
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
      return spawn(program, args, { cwd: this.options.directory, env: { PATH: process.env.PATH }, stdio: ["ignore", log, log] });
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
