import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writePrivately } from "../aws/private-file";
import { exportLines } from "../environment";
import { getentStandIn } from "../links";
import { filesIn, type BootedIgnitionConfig } from "../machines";
import { hostAddress } from "./host-registry";

/** Programs of the toolchain that are used as the release's tools. */
export interface HostTools {
  readonly "openshift-install": string;
  readonly kubectl: string;
}

/** The scripts' environment file. */
export const environmentPath = "/etc/okd/host.env";
const toolDirectory = "/usr/local/bin";

/** Variables of the host's environment file that contain paths. */
const paths = ["CONFIGURATION", "TOOL_DIRECTORY", "DATA_DIRECTORY", "SECRET_LIST", "TOOL_LIST", "APPROVER_STATUS"];

/** The deployer's variables, which a user on the instance does not have: the instance uses the credentials of its instance profile. */
const deployers = /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|REGION|DEFAULT_REGION)|PULUMI_.*|KUBECONFIG)$/;

/** The file system of a simulated installer host: a directory with the files of the ignition config at their paths. */
export class HostRoot {
  constructor(readonly directory: string) {}

  path(path: string): string {
    return join(this.directory, path);
  }

  /** Writes a file that only its owner can read. */
  write(path: string, content: string): string {
    const file = this.path(path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writePrivately(file, content);
    return file;
  }

  /**
   * Writes the config's files. In the scripts' environment file, paths are replaced by local paths, and the registry's port by a loopback
   * port.
   *
   * @param registryPort replaces the registries' own port
   */
  writeConfigFiles(config: BootedIgnitionConfig, registryPort: number): void {
    for (const [path, content] of filesIn(config)) {
      const file = this.write(path, content);
      if (path.startsWith("/usr/local/bin/")) chmodSync(file, 0o700);
    }
    const variables = this.variables(config);
    const here = Object.fromEntries(paths.flatMap((name) => (name in variables ? [[name, this.path(variables[name])]] : [])));
    const registry = { REGISTRY: `${variables.REGISTRY.split(":")[0]}:${registryPort}` };
    this.write(environmentPath, exportLines({ ...variables, ...here, ...registry }));
    // A stand-in for the metadata service. It has only the entry that the scripts here read.
    this.program(`${toolDirectory}/okd-metadata`, `[ "$1" = local-ipv4 ] && echo ${hostAddress}`);
  }

  /** The variables of the config's environment file. */
  variables(config: BootedIgnitionConfig): Record<string, string> {
    const lines = (filesIn(config).get(environmentPath) ?? "").matchAll(/^export (\w+)='([^']*)'$/gm);
    return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  }

  /**
   * Installs programs of the toolchain in place of the tools that the host would download. In place of oc-mirror it installs a script that says that the
   * sandbox has none.
   *
   * @param registries registries that the host can reach; if undefined, all
   */
  installTools(tools: HostTools, say: (text: string) => void, registries?: readonly string[]): void {
    if (existsSync(this.path(`${toolDirectory}/.okd-tools`))) return;
    for (const [name, program] of [
      ["openshift-install", tools["openshift-install"]],
      ["kubectl", tools.kubectl],
      ["getent", getentStandIn],
    ] as const) {
      rmSync(this.path(`${toolDirectory}/${name}`), { force: true });
      symlinkSync(program, this.path(`${toolDirectory}/${name}`));
    }
    const oc = join(__dirname, "..", "oc-stand-in", "oc");
    const reached = registries === undefined ? "" : `OKD_SANDBOX_REGISTRIES='${registries.join(" ")}' `;
    this.program(`${toolDirectory}/oc`, `${reached}PATH="$PATH:${dirname(process.execPath)}" exec '${oc}' "$@"`);
    this.program(`${toolDirectory}/oc-mirror`, 'echo "the sandbox has no oc-mirror" >&2\nexit 1');
    // The scripts find their files with the environment file. A command that `sudo` starts also needs it, so this `sudo` passes its path.
    this.program("/usr/bin/sudo", `exec env OKD_HOST_ENV="${this.path(environmentPath)}" "${this.directory}$1" "\${@:2}"`);
    this.write(`${toolDirectory}/.okd-tools`, "");
    say("has the release's tools");
  }

  /** Environment variables of an ssh session as user `core`. They send the session's traffic to the emulated AWS and contain no AWS credentials. */
  environment(): NodeJS.ProcessEnv {
    const network = Object.entries(process.env).filter(([name]) => !deployers.test(name));
    return {
      ...Object.fromEntries(network),
      HOME: this.home,
      USER: "core",
      PATH: [this.path(toolDirectory), this.path("/usr/bin"), "/usr/bin", "/bin"].join(":"),
    };
  }

  get home(): string {
    const directory = this.path("/var/home/core");
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  private program(path: string, text: string): void {
    const file = this.path(path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `#!/bin/bash\n${text}\n`, { mode: 0o700 });
  }
}
