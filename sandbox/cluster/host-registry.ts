import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { writePrivately } from "../aws/private-file";

/** The parts of the registry's configuration that contain paths and addresses. */
interface RegistryConfig {
  readonly storage: Readonly<Record<string, unknown>>;
  readonly http: { readonly addr: string; readonly tls: { readonly certificate: string; readonly key: string } };
  readonly auth: { readonly htpasswd: { readonly realm: string; readonly path: string } };
}

export interface HostRegistryOptions {
  /** The registry's program. */
  readonly program: string;
  /** Directory of the host's files. */
  readonly root: string;
  /** Directory of the data volume's content. */
  readonly storage: string;
  /** Port on loopback. */
  readonly port: number;
  readonly logFile: string;
}

/** Loopback address that represents the host's private address, which nodes use; 127.0.0.1 represents the host's loopback address. */
export const hostAddress = "127.0.0.2";

const addresses = { push: "127.0.0.1", pull: hostAddress } as const;
type Role = keyof typeof addresses;

/**
 * The host's two image registries, one for pushing and one for pulling: the real program, with the host's configuration, certificate and
 * passwords. Both registries use the same storage.
 */
export class HostRegistry {
  private readonly children = new Map<Role, ChildProcess>();

  constructor(private readonly options: HostRegistryOptions) {}

  /** Starts the registries once their secrets exist, and restarts a registry that has ended, as systemd would. Returns whether it started a registry. */
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
    // The child ends with the simulator, even if the simulator is killed.
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

  /** Writes the host's configuration with the container's paths replaced by local ones. */
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
        // A real host's `okd-run-registry` overrides the configured address with REGISTRY_HTTP_ADDR, so the address is set here, too.
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

/**
 * Whether images are stored on the data volume. Otherwise they are in the emulated S3, which the registry uses like any other program here.
 */
function onVolume({ storage }: RegistryConfig): boolean {
  return "filesystem" in storage;
}
