import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writePrivately } from "../aws/private-file";
import { exportLines } from "../environment";
import { filesIn, type BootedIgnitionConfig } from "../machines";

/** Programs of the toolchain that a control plane node has. */
export interface MasterTools {
  readonly etcdctl: string;
  readonly etcdutl: string;
  /** The Python interpreter that has the AWS SDK; it runs the stand-in for the AWS command line. */
  readonly moto: string;
}

export interface MasterRootOptions {
  readonly directory: string;
  readonly tools: MasterTools;
  /** The node's etcd: `http://…`, or a Unix socket. */
  readonly etcd: { readonly url: string } | { readonly socket: string };
}

const environmentPath = "/etc/okd/etcd-backup.env";
const scriptPath = "/usr/local/bin/okd-etcd-backup";

/** Variables of the backup's environment file that contain paths. */
const paths = ["STATE_DIRECTORY", "CLUSTER_BACKUP", "KUBERNETES", "PULL_SECRET", "TRUST_BUNDLE", "POD_DIRECTORY", "POD_LOG_DIRECTORY"];

/** Exit status (null if it was killed) and standard error of a script. */
export interface MasterScriptResult {
  readonly status: number | null;
  readonly stderr: string;
}

/**
 * The part of a control plane node's file system that the etcd backup uses: a directory with the files of a MachineConfig at their paths.
 * The backup's scripts and etcdctl are real. The rest of the etcd operator's `cluster-backup.sh` is replaced, and `podman` runs the AWS
 * SDK.
 */
export class MasterRoot {
  constructor(private readonly options: MasterRootOptions) {}

  path(path: string): string {
    return join(this.options.directory, path);
  }

  /** Writes the files of a MachineConfig, and overwrites the files of an earlier version. */
  apply(config: BootedIgnitionConfig, changes: Readonly<Record<string, string>> = {}): void {
    for (const [path, content] of filesIn(config)) {
      this.write(path, content);
      if (path.startsWith("/usr/local/bin/")) chmodSync(this.path(path), 0o700);
    }
    const variables = variablesIn(config);
    const here = Object.fromEntries(paths.flatMap((name) => (name in variables ? [[name, this.path(variables[name])]] : [])));
    const { etcd } = this.options;
    const url = "url" in etcd ? etcd.url : "http://localhost";
    this.write(environmentPath, exportLines({ ...variables, ...here, ETCD_URL: url, ...changes }));
    this.install(variables.AWS_CLI_IMAGE);
  }

  /** The value of a variable in a MachineConfig's environment file. */
  variable(config: BootedIgnitionConfig, name: string): string {
    return variablesIn(config)[name] ?? "";
  }

  /** Runs the backup as its systemd service does, until it ends. */
  async backUp(network: NodeJS.ProcessEnv, stop?: AbortSignal): Promise<MasterScriptResult> {
    const child = this.start(network);
    stop?.addEventListener("abort", () => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    return new Promise((resolve, reject) => {
      child.once("error", reject).once("close", (status) => {
        resolve({ status, stderr });
      });
    });
  }

  /** Starts the backup as its systemd service does, in its own process group. */
  start(network: NodeJS.ProcessEnv, args: readonly string[] = []): ChildProcess {
    const path = [this.path("/usr/local/bin"), this.path("/usr/bin"), "/usr/bin", "/bin"].join(":");
    this.trust(network.AWS_CA_BUNDLE);
    return spawn("bash", [this.path(scriptPath), ...args], {
      env: { ...network, PATH: path, OKD_ETCD_BACKUP_ENV: this.path(environmentPath) },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
  }

  /** Links the CA bundle of the instance: CoreOS joins the system's CAs and the configured CAs in this file (update-ca-trust(8)). */
  private trust(authorities = "/dev/null"): void {
    const bundle = this.path("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
    mkdirSync(dirname(bundle), { recursive: true, mode: 0o700 });
    rmSync(bundle, { force: true });
    symlinkSync(authorities, bundle);
  }

  private install(awsImage: string): void {
    const { tools, etcd } = this.options;
    const endpoint = "url" in etcd ? etcd.url : `unix://${etcd.socket}`;
    const standIn = join(__dirname, "..", "aws-cli-stand-in", "aws.py");
    this.program("/usr/bin/podman", podman(awsImage, `'${tools.moto}' '${standIn}'`));
    if ("socket" in etcd) this.program("/usr/bin/curl", `exec /usr/bin/curl --unix-socket '${etcd.socket}' "$@"`);
    // This file represents the control plane's static pod resources, which the real script saves. A test may write the
    // program `hooks/backup`, which runs before and after the snapshot.
    this.write("/etc/kubernetes/static-pod-resources/kube-apiserver-pod-1/encryption-config", "simulated\n");
    const hook = this.path("/hooks/backup");
    this.program(
      "/usr/local/bin/cluster-backup.sh",
      [
        "set -euo pipefail",
        `if [ -x '${hook}' ]; then '${hook}' before "$1"; fi`,
        `tar -czf "$1/static_kuberesources_1.tar.gz" -C '${this.path("/etc/kubernetes")}' static-pod-resources/kube-apiserver-pod-1`,
        // etcd runs on this computer, so etcdctl must not use a proxy. It would use a configured proxy even for a Unix socket.
        `NO_PROXY='*' no_proxy='*' '${tools.etcdctl}' --endpoints='${endpoint}' snapshot save "$1/snapshot_1.db"`,
        `if [ -x '${hook}' ]; then '${hook}' after "$1"; fi`,
      ].join("\n"),
    );
    const etcdutl = this.path("/etc/kubernetes/static-pod-resources/bin/etcdutl");
    mkdirSync(dirname(etcdutl), { recursive: true });
    if (!existsSync(etcdutl)) symlinkSync(tools.etcdutl, etcdutl);
  }

  private write(path: string, content: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true, mode: 0o700 });
    writePrivately(this.path(path), content);
  }

  private program(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true, mode: 0o700 });
    writeFileSync(this.path(path), `#!/bin/bash\n${text}\n`, { mode: 0o700 });
  }
}

/**
 * A replacement for `podman run` that runs a local program for one image. Like a container, the program gets only the variables of `--env`
 * and the proxy variables (podman-run(1), `--http-proxy`), and no CA files except mounted ones. Instead of the instance profile it uses the
 * sandbox's credentials.
 */
function podman(image: string, program: string): string {
  return `variables=() mounted=()
while [ "$1" != '${image}' ]; do
  case "$1 $2" in
  "--env "*=*) variables+=("$2"); shift ;;
  "--env "*) variables+=("$2=\${!2:-}"); shift ;;
  "--volume "*) mounted+=("$(cut -d : -f 2 <<<"$2")"); shift ;;
  esac
  shift
done
for variable in "\${variables[@]}"; do
  file=\${variable#AWS_CA_BUNDLE=}
  [ "$file" = "$variable" ] || [[ " \${mounted[*]} " == *" $file "* ]] || { echo "the container has no file $file" >&2; exit 255; }
done
for name in {HTTP,HTTPS,NO}_PROXY {http,https,no}_proxy HOME PATH AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_EC2_METADATA_DISABLED AWS_MAX_ATTEMPTS; do
  [ -z "\${!name+x}" ] || variables+=("$name=\${!name}")
done
exec env -i "\${variables[@]}" ${program} "\${@:2}"`;
}

function variablesIn(config: BootedIgnitionConfig): Record<string, string> {
  const lines = (filesIn(config).get(environmentPath) ?? "").matchAll(/^export (\w+)='([^']*)'$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
