import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { utils } from "ssh2";
import { sandboxClientConfiguration } from "../aws/client";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import { freePort } from "../free-port";
import {
  type FirstBoot,
  filesIn,
  type BootedIgnitionConfig,
  type Instance,
  isFailure,
  mayWithBucketPolicy,
  s3Getter,
  type Service,
  egressTo,
  type AwsSnapshot,
} from "../machines";
import { SimulatedHostHealth } from "./host-health";
import { HostRegistry } from "./host-registry";
import { HostRoot, type HostTools } from "./host-root";
import { HostSsh } from "./host-ssh";
import { Mirroring } from "./mirroring";
import { unpackFiles } from "./packed-files";
import { secretValue } from "./secret-value";

/** The parts of an installer host's ignition config that are simulated here. */
interface HostConfig extends BootedIgnitionConfig {
  readonly passwd?: { readonly users?: readonly { readonly name: string; readonly sshAuthorizedKeys?: readonly string[] }[] };
  readonly storage?: {
    readonly files?: readonly {
      readonly path: string;
      readonly contents?: { readonly source?: string; readonly verification?: { readonly hash?: string } };
    }[];
  };
  readonly systemd?: { readonly units?: readonly { readonly name: string; readonly enabled?: boolean; readonly contents?: string }[] };
}

/** The account id of the emulated AWS. */
const account = "123456789012";

/** Milliseconds between two ticks. Each tick also tries to fetch the secrets that did not exist yet. */
const tickInterval = 1500;

/** Milliseconds after which a fetched secret is fetched again, as the timer of `okd-secrets` does (ignition/installer-host/units.ts). */
const secretInterval = 60_000;

/** EC2 actions that the certificate approver uses. */
const approverActions = ["ec2:DescribeInstances", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions"];

export interface InstallerHostOptions {
  readonly directory: string;
  readonly region: string;
  readonly programs: HostTools & { readonly registry: string };
  readonly say: (text: string) => void;
}

/**
 * A simulated installer host. At boot it publishes its ssh host key, fetches its files and secrets with the permissions
 * of its instance profile, and then runs sshd, the image registries and the certificate approver, all on loopback. It
 * runs no containers. Instead of the release's tools it has the toolchain's. Instead of mirroring images, it only
 * publishes the resources that oc-mirror would write.
 */
export class SimulatedInstallerHost {
  /** The reason why the host's boot does not continue. */
  hangs?: string;
  /** Loopback port that replaces a Systems Manager session forwarding port 22; undefined while the session could not be opened. */
  sessionPort?: number;
  private config?: HostConfig;
  private published = false;
  private readonly fetched = new Set<string>();
  /** By secret: the time at which it is fetched again. */
  private readonly secretsDue = new Map<string, number>();
  private ssh?: HostSsh;
  private registry?: HostRegistry;
  private approver?: ChildProcess;
  private next = 0;
  private readonly mirroring: Mirroring;
  private readonly health: SimulatedHostHealth;
  private readonly root: HostRoot;

  constructor(
    private readonly options: InstallerHostOptions,
    /** AWS's latest record of the instance: its public address may be assigned after the boot. */
    public instance: Instance,
  ) {
    makePrivateDirectory(options.directory);
    this.root = new HostRoot(join(options.directory, "root"));
    this.mirroring = new Mirroring(options);
    this.health = new SimulatedHostHealth(this.root, options);
  }

  get phase(): string {
    if (this.config === undefined) return "booting";
    return this.approver === undefined ? "booted" : "approves certificate requests";
  }

  /** Does all steps that are possible now. */
  async tick(snapshot: AwsSnapshot, boot: (instance: Instance) => Promise<FirstBoot>): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + tickInterval;
    if (this.config === undefined) {
      const booted = await boot(this.instance);
      if ("hangs" in booted) {
        this.hang(booted.hangs);
        return;
      }
      if (!("ignition" in booted)) {
        this.hang(`its user data points to the machine config server, which has no config for an installer host`);
        return;
      }
      const config = JSON.parse(booted.ignition) as HostConfig;
      const port = await freePort();
      this.root.writeConfigFiles(config, port);
      this.registry = this.makeRegistry(config, port);
      this.config = config;
      this.options.say("booted");
    }
    this.hangs = undefined;
    const config = this.config;
    await this.serveSsh(snapshot, config);
    await this.fetchFiles(snapshot, config);
    await this.fetchSecrets(snapshot, config);
    this.download(snapshot, config);
    await this.runApprover(snapshot, config);
    const may = (action: string, resource: string) => this.may(snapshot, action, resource);
    await this.health.advance(config, this.instance.id, may);
    await this.mirroring.advance(config, this.fetched, may);
  }

  /** The services that listen on the host: the registry, once it has its certificate. */
  listens(port: number): Service | undefined {
    if (this.config === undefined) return undefined;
    const registryPort = Number(this.root.variables(this.config).REGISTRY.split(":")[1]);
    const serves = port === registryPort && [...this.fetched].some((each) => each.includes("-registry-"));
    return serves ? { protocol: "https", statusOf: () => 401 } : undefined;
  }

  /** Ends the host's processes and deletes its files. */
  end(): void {
    this.approver?.kill("SIGTERM");
    this.registry?.end();
    this.ssh?.close();
    rmSync(this.options.directory, { recursive: true, force: true });
  }

  /** Starts sshd with the instance's own host key, publishes the host key, and connects the agent of Systems Manager if it is enabled. */
  private async serveSsh(snapshot: AwsSnapshot, config: HostConfig): Promise<void> {
    const file = join(this.options.directory, "ssh-host-key.json");
    const key = readJson<{ public: string; private: string }>(file) ?? utils.generateKeyPairSync("ecdsa", { bits: 256 });
    writePrivately(file, JSON.stringify(key));
    const core = config.passwd?.users?.find(({ name }) => name === "core");
    this.ssh ??= await HostSsh.start({
      hostKey: key.private,
      authorizedKeys: core?.sshAuthorizedKeys ?? [],
      user: "core",
      environment: () => this.root.environment(),
      home: this.root.home,
    });
    await this.publishHostKey(snapshot, config, key.public);
    const agent = this.enables(config, "okd-session-manager.service");
    if (agent && this.sessionPort === undefined && (await this.may(snapshot, "ssmmessages:OpenDataChannel", "*"))) {
      this.sessionPort = this.ssh.port;
      this.options.say(`its sshd can be reached through Systems Manager: at 127.0.0.1:${this.ssh.port}`);
    }
  }

  private async publishHostKey(snapshot: AwsSnapshot, config: HostConfig, publicKey: string): Promise<void> {
    const { HOST_KEY_PARAMETER: name } = this.root.variables(config);
    if (this.published) return;
    const { region } = this.options;
    if (!(await this.may(snapshot, "ssm:PutParameter", `arn:aws:ssm:${region}:${account}:parameter${name}`))) return;
    const [type, body] = publicKey.split(" ");
    const ssm = new SSMClient(sandboxClientConfiguration(region));
    await ssm.send(
      new PutParameterCommand({ Name: name, Type: "String", Overwrite: true, Value: `${this.instance.id} ${type} ${body}\n` }),
    );
    this.published = true;
    this.options.say(`published its ssh host key as ${name}`);
  }

  /** Installs the files that the host would get from the internet, or from the archive in S3: the release's tools, and the registry's image. */
  private download(snapshot: AwsSnapshot, config: HostConfig): void {
    const archived = this.enables(config, "okd-images.service");
    const way = egressTo(snapshot, this.instance, archived ? "s3" : "internet");
    if (isFailure(way) && !("HTTPS_PROXY" in this.root.variables(config))) {
      this.hang(`can download neither tools nor images: ${way.reason}`);
      return;
    }
    if (archived && !this.fetched.has("/var/lib/okd-images/registry.tar")) return;
    if (this.enables(config, "okd-tools.service")) {
      const own = [this.root.variables(config).REGISTRY];
      this.root.installTools(this.options.programs, this.options.say, archived ? own : undefined);
    }
    if (this.enables(config, "okd-registry-pull.service") && this.registry?.start() === true) this.options.say("runs the image registries");
  }

  /** The mirrored images are kept when the instance is replaced: their directory is named after the data volume's id. */
  private makeRegistry(config: HostConfig, port: number): HostRegistry {
    const { directory, programs } = this.options;
    const volume = /(vol[0-9a-f]+)$/.exec(this.root.variables(config).DATA_DEVICE)?.[1] ?? "vol";
    return new HostRegistry({
      program: programs.registry,
      root: this.root.directory,
      storage: join(directory, "..", volume, "registry"),
      port,
      logFile: join(directory, "registry.log"),
    });
  }

  private enables(config: HostConfig, unit: string): boolean {
    return config.systemd?.units?.some(({ name, enabled }) => name === unit && enabled === true) === true;
  }

  private async fetchFiles(snapshot: AwsSnapshot, config: HostConfig): Promise<void> {
    for (const { path, contents } of config.storage?.files ?? []) {
      const object = /^s3:\/\/([^/]+)\/(.+)$/.exec(contents?.source ?? "");
      if (object === null || this.fetched.has(path)) continue;
      const [, bucket, key] = object;
      if (!(await this.may(snapshot, "s3:GetObject", `arn:aws:s3:::${bucket}/${key}`))) continue;
      const text = await s3Getter(this.options.region)(bucket, key);
      if (text === undefined) {
        this.hang(`can't fetch s3://${bucket}/${key}: there is no such object`);
        continue;
      }
      const expected = contents?.verification?.hash;
      const digest = `sha256-${createHash("sha256").update(text).digest("hex")}`;
      if (expected !== undefined && digest !== expected) {
        this.hang(`s3://${bucket}/${key} does not match the ignition config: its checksum is ${digest}, but ${expected} is expected`);
        continue;
      }
      this.root.write(path, text);
      this.fetched.add(path);
    }
  }

  private async fetchSecrets(snapshot: AwsSnapshot, config: HostConfig): Promise<void> {
    for (const line of (filesIn(config).get("/etc/okd/secrets.list") ?? "").split("\n").filter(Boolean)) {
      const [arn, directory] = line.split(" ");
      if (Date.now() < (this.secretsDue.get(arn) ?? 0) || !(await this.may(snapshot, "secretsmanager:GetSecretValue", arn))) continue;
      const value = await secretValue(this.options.region, arn);
      if (value === undefined) continue; // The secret has no value yet.
      this.secretsDue.set(arn, Date.now() + secretInterval);
      for (const [path, content] of unpackFiles(value)) this.root.write(join(directory, path), content);
      this.fetched.add(arn);
    }
  }

  /** Starts the program of the approver's unit. Paths in the program's config are replaced by paths below this host's root. */
  private async runApprover(snapshot: AwsSnapshot, config: HostConfig): Promise<void> {
    const wanted = this.enables(config, "certificate-approver.service");
    const path = [...this.fetched].find((each) => each.endsWith("/approver.js"));
    if (!wanted || path === undefined || this.approver !== undefined) return;
    const directory = dirname(path);
    const text = filesIn(config).get(`${directory}/config.json`);
    if (text === undefined) return;
    // The emulated EC2 checks no permissions. So the program is not started at all if the role lacks one of these actions.
    for (const action of approverActions) if (!(await this.may(snapshot, action, "*"))) return;
    const settings = JSON.parse(text) as { kubeconfig: string; status: string };
    const [kubeconfig, status] = [this.root.path(settings.kubeconfig), this.root.path(settings.status)];
    mkdirSync(dirname(status), { recursive: true, mode: 0o700 }); // The unit's StateDirectory.
    const file = this.root.write(`${directory}/config.json`, JSON.stringify({ ...settings, kubeconfig, status }));
    const log = createWriteStream(join(this.options.directory, "certificate-approver.log"), { flags: "a", mode: 0o600 });
    const child = spawn(process.execPath, [this.root.path(path), "--config", file], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    // The next tick starts the approver again, as systemd would.
    child.once("close", () => {
      this.approver = undefined;
    });
    this.approver = child;
    this.options.say("runs the certificate approver");
  }

  private async may(snapshot: AwsSnapshot, action: string, resource: string): Promise<boolean> {
    const { profileArn } = this.instance;
    const permissions = profileArn === undefined ? undefined : await snapshot.permissionsOf(profileArn);
    if (permissions === undefined) {
      this.hang(`has no instance profile with a role, so it may not ${action}`);
      return false;
    }
    const decision = await mayWithBucketPolicy(snapshot, permissions, { action, resource });
    if (isFailure(decision)) this.hang(decision.reason);
    return !isFailure(decision);
  }

  private hang(reason: string): void {
    if (this.hangs !== reason) this.options.say(reason);
    this.hangs = reason;
  }
}
