import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { utils } from "ssh2";
import { decodeFiles } from "../../ignition/file-transfer";
import { clientConfiguration } from "../../operations/aws-client";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import {
  type FirstBoot,
  filesIn,
  type IgnitionConfig,
  type Instance,
  isRefusal,
  mayDo,
  s3Getter,
  type Service,
  type World,
} from "../machines";
import { registryPort } from "../../ignition/installer-host/registry";
import { Mirroring } from "./mirroring";
import { secretValue } from "./secret-value";

/** What of an installer host's ignition config decides about what is done here. */
interface HostConfig extends IgnitionConfig {
  readonly storage?: {
    readonly files?: readonly {
      readonly path: string;
      readonly contents?: { readonly source?: string; readonly verification?: { readonly hash?: string } };
    }[];
  };
  readonly systemd?: { readonly units?: readonly { readonly name: string; readonly enabled?: boolean }[] };
}

/** Account of the emulated AWS. */
const account = "123456789012";

/** Milliseconds between two looks for a secret that is not there yet. */
const patience = 1500;

/**
 * The installer host: at its boot it publishes its ssh host keys, fetches its files and secrets with its own profile's rights, and
 * runs the certificate approver, the very program that it would, on loopback. It has no container: registry and tools are not played, but what
 * oc-mirror would publish of the image set is.
 */
export class InstallerHost {
  /** Why it goes no further, in words. */
  hangs?: string;
  private config?: HostConfig;
  private published = false;
  private readonly fetched = new Set<string>();
  private approver?: ChildProcess;
  private next = 0;
  private readonly mirroring: Mirroring;
  private readonly root: string;

  constructor(
    private readonly options: { readonly directory: string; readonly region: string; readonly say: (text: string) => void },
    /** As AWS last told of it: its public address may come after its boot. */
    public instance: Instance,
  ) {
    makePrivateDirectory(options.directory);
    this.root = join(options.directory, "root");
    this.mirroring = new Mirroring(options);
  }

  get phase(): string {
    if (this.config === undefined) return "booting";
    return this.approver === undefined ? "booted" : "approves certificate requests";
  }

  /** Everything that can be done now. */
  async tick(world: World, boot: (instance: Instance) => Promise<FirstBoot>): Promise<void> {
    if (Date.now() < this.next) return;
    this.next = Date.now() + patience;
    if (this.config === undefined) {
      const booted = await boot(this.instance);
      if ("hangs" in booted) {
        this.hang(booted.hangs);
        return;
      }
      if (!("ignition" in booted)) {
        this.hang(`its user data points at the machine config server, which has no config for it`);
        return;
      }
      this.config = JSON.parse(booted.ignition) as HostConfig;
      this.options.say("booted");
    }
    this.hangs = undefined;
    const config = this.config;
    await this.publishHostKeys(world, config);
    await this.fetchFiles(world, config);
    await this.fetchSecrets(world, config);
    this.runApprover(config);
    await this.mirroring.advance(config, this.fetched, (action, resource) => this.may(world, action, resource));
  }

  /** What listens on it: the registry, once it has its certificate. */
  listens(port: number): Service | undefined {
    const serves = port === registryPort && [...this.fetched].some((each) => each.includes("-registry-"));
    return serves ? { protocol: "https", statusOf: () => 401 } : undefined;
  }

  /** Ends what it runs, and removes what it knows. */
  end(): void {
    this.approver?.kill("SIGTERM");
    rmSync(this.options.directory, { recursive: true, force: true });
  }

  private async publishHostKeys(world: World, config: HostConfig): Promise<void> {
    const name = /^export HOST_KEY_PARAMETER='([^']+)'$/m.exec(filesIn(config).get("/etc/okd/host.env") ?? "")?.[1];
    if (name === undefined || this.published) return;
    const { region, directory } = this.options;
    if (!(await this.may(world, "ssm:PutParameter", `arn:aws:ssm:${region}:${account}:parameter${name}`))) return;
    const file = join(directory, "ssh-host-key.json");
    const key = readJson<{ public: string }>(file) ?? utils.generateKeyPairSync("ecdsa", { bits: 256 });
    writePrivately(file, JSON.stringify(key));
    const [type, body] = key.public.split(" ");
    const ssm = new SSMClient(clientConfiguration(region));
    await ssm.send(
      new PutParameterCommand({ Name: name, Type: "String", Overwrite: true, Value: `${this.instance.id} ${type} ${body}\n` }),
    );
    this.published = true;
    this.options.say(`published its ssh host key as ${name}`);
  }

  private async fetchFiles(world: World, config: HostConfig): Promise<void> {
    for (const { path, contents } of config.storage?.files ?? []) {
      const object = /^s3:\/\/([^/]+)\/(.+)$/.exec(contents?.source ?? "");
      if (object === null || this.fetched.has(path)) continue;
      const [, bucket, key] = object;
      if (!(await this.may(world, "s3:GetObject", `arn:aws:s3:::${bucket}/${key}`))) continue;
      const text = await s3Getter(this.options.region)(bucket, key);
      if (text === undefined) {
        this.hang(`can't fetch s3://${bucket}/${key}: there is no such object`);
        continue;
      }
      const expected = contents?.verification?.hash;
      const digest = `sha256-${createHash("sha256").update(text).digest("hex")}`;
      if (expected !== undefined && digest !== expected) {
        this.hang(`s3://${bucket}/${key} is not what the ignition config says: it has ${digest}`);
        continue;
      }
      this.write(path, text);
      this.fetched.add(path);
    }
  }

  private async fetchSecrets(world: World, config: HostConfig): Promise<void> {
    for (const line of (filesIn(config).get("/etc/okd/secrets.list") ?? "").split("\n").filter(Boolean)) {
      const [arn, directory] = line.split(" ");
      if (this.fetched.has(arn) || !(await this.may(world, "secretsmanager:GetSecretValue", arn))) continue;
      const value = await secretValue(this.options.region, arn);
      if (value === undefined) continue; // as long as nobody has filled it
      for (const [path, content] of Object.entries(decodeFiles(value))) this.write(join(directory, path), content);
      this.fetched.add(arn);
    }
  }

  /** The unit's program, with its paths below this host's root, where they lie here. */
  private runApprover(config: HostConfig): void {
    const wanted = config.systemd?.units?.some(({ name, enabled }) => name === "certificate-approver.service" && enabled === true);
    const path = [...this.fetched].find((each) => each.endsWith("/approver.js"));
    if (wanted !== true || path === undefined || this.approver !== undefined) return;
    const directory = dirname(path);
    const text = filesIn(config).get(`${directory}/config.json`);
    if (text === undefined) return;
    const settings = JSON.parse(text) as { kubeconfig: string };
    const file = this.write(`${directory}/config.json`, JSON.stringify({ ...settings, kubeconfig: join(this.root, settings.kubeconfig) }));
    const log = createWriteStream(join(this.options.directory, "certificate-approver.log"), { flags: "a", mode: 0o600 });
    const child = spawn(process.execPath, [join(this.root, path), "--config", file], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    // As systemd would, it is started again.
    child.once("close", () => {
      this.approver = undefined;
    });
    this.approver = child;
    this.options.say("runs the certificate approver");
  }

  private async may(world: World, action: string, resource: string): Promise<boolean> {
    const { profileArn } = this.instance;
    const permissions = profileArn === undefined ? undefined : await world.permissionsOf(profileArn);
    if (permissions === undefined) {
      this.hang(`has no instance profile with a role, so it may not ${action}`);
      return false;
    }
    const decision = mayDo(permissions, { action, resource, context: { "aws:securetransport": "true" } });
    if (isRefusal(decision)) this.hang(decision.refused);
    return !isRefusal(decision);
  }

  private write(path: string, content: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writePrivately(file, content);
    return file;
  }

  private hang(reason: string): void {
    if (this.hangs !== reason) this.options.say(reason);
    this.hangs = reason;
  }
}
