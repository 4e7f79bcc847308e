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

/** The address of this machine that stands for the host's own, by which nodes reach it; 127.0.0.1 stands for the host's loopback. */
export const hostAddress = "127.0.0.2";

const addresses = { push: "127.0.0.1", pull: hostAddress } as const;
type Role = keyof typeof addresses;

/** The host's image registries: the real program twice, with the configurations, certificate and passwords that the host has, on the same images. */
export class HostRegistry {
  private readonly children = new Map<Role, ChildProcess>();

  constructor(private readonly options: HostRegistryOptions) {}

  /** Starts them when their secrets are there, again when they have ended, as systemd would. Says whether one was started. */
  start(): boolean {
    if (!existsSync(join(this.options.root, "etc/okd/registry/tls.key"))) return false;
    const started = (Object.keys(addresses) as Role[]).filter((role) => !this.children.has(role) && this.run(role));
    return started.length > 0;
  }

  end(): void {
    for (const child of this.children.values()) child.kill("SIGTERM");
  }

  private run(role: Role): true {
    const { program, logFile } = this.options;
    const config = this.configOf(role);
    const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
    // It goes when the simulator does, however that ends.
    const child = spawn("setpriv", ["--pdeathsig", "TERM", program, "serve", this.writeConfig(role, config)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: onVolume(config) ? {} : process.env,
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    child.once("error", () => undefined);
    child.once("close", () => {
      this.children.delete(role);
    });
    this.children.set(role, child);
    return true;
  }

  private configOf(role: Role): RegistryConfig {
    return load(readFileSync(join(this.options.root, `etc/okd/registry/${role}.yml`), "utf8")) as RegistryConfig;
  }

  /** The host's configuration with the container's places as they are here. */
  private writeConfig(role: Role, config: RegistryConfig): string {
    const { root, storage, port } = this.options;
    if (onVolume(config)) mkdirSync(storage, { recursive: true, mode: 0o700 });
    const { tls, ...http } = config.http;
    const file = join(root, "..", `registry-${role}.yml`);
    writePrivately(
      file,
      dump({
        ...config,
        storage: { ...config.storage, ...(onVolume(config) && { filesystem: { rootdirectory: storage } }) },
        // As `okd-run-registry` has it by REGISTRY_HTTP_ADDR.
        http: {
          ...http,
          addr: `${addresses[role]}:${port}`,
          tls: { ...tls, certificate: join(root, tls.certificate), key: join(root, tls.key) },
        },
        auth: { htpasswd: { ...config.auth.htpasswd, path: join(root, config.auth.htpasswd.path) } },
      }),
    );
    return file;
  }
}

/** Or in the emulated S3, which it asks as any program here does. */
function onVolume({ storage }: RegistryConfig): boolean {
  return "filesystem" in storage;
}
