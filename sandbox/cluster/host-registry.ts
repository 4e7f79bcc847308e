import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { writePrivately } from "../aws/private-file";

/** The parts of the registry's configuration that name places. */
interface RegistryConfig {
  readonly storage: Readonly<Record<string, unknown>>;
  readonly http: { readonly addr: string; readonly tls: { readonly certificate: string; readonly key: string } };
  readonly auth: { readonly htpasswd: { readonly realm: string; readonly path: string } };
}

export interface HostRegistryOptions {
  /** The registry's program. */
  readonly program: string;
  /** Where the host's files lie. */
  readonly root: string;
  /** The content of its data volume. */
  readonly storage: string;
  /** On loopback. */
  readonly port: number;
  readonly logFile: string;
}

/** The host's image registry: the real program, with the configuration, certificate and passwords that the host has, on loopback. */
export class HostRegistry {
  private child?: ChildProcess;

  constructor(private readonly options: HostRegistryOptions) {}

  /** Starts it when its secrets are there, again when it has ended, as systemd would. Says whether it was started. */
  start(): boolean {
    const { root, program, logFile } = this.options;
    if (this.child !== undefined || !existsSync(join(root, "etc/okd/registry/tls.key"))) return false;
    const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
    // It goes when the simulator does, however that ends.
    const child = spawn("setpriv", ["--pdeathsig", "TERM", program, "serve", this.writeConfig()], {
      stdio: ["ignore", "pipe", "pipe"],
      env: this.onVolume ? {} : process.env,
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    child.once("error", () => undefined);
    child.once("close", () => {
      this.child = undefined;
    });
    this.child = child;
    return true;
  }

  end(): void {
    this.child?.kill("SIGTERM");
  }

  private get config(): RegistryConfig {
    return load(readFileSync(join(this.options.root, "etc/okd/registry/config.yml"), "utf8")) as RegistryConfig;
  }

  /** Or in the emulated S3, which it asks as any program here does. */
  private get onVolume(): boolean {
    return "filesystem" in this.config.storage;
  }

  /** The host's configuration with the container's places as they are here. */
  private writeConfig(): string {
    const { root, storage, port } = this.options;
    const { config } = this;
    if (this.onVolume) mkdirSync(storage, { recursive: true, mode: 0o700 });
    const { tls, ...http } = config.http;
    const file = join(root, "..", "registry.yml");
    writePrivately(
      file,
      dump({
        ...config,
        storage: { ...config.storage, ...(this.onVolume && { filesystem: { rootdirectory: storage } }) },
        http: { ...http, addr: `127.0.0.1:${port}`, tls: { ...tls, certificate: join(root, tls.certificate), key: join(root, tls.key) } },
        auth: { htpasswd: { ...config.auth.htpasswd, path: join(root, config.auth.htpasswd.path) } },
      }),
    );
    return file;
  }
}
