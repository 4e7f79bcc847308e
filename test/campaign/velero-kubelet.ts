import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "js-yaml";
import type { VeleroCluster } from "../engine/velero-cluster";

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

/** A pod, with the fields that a kubelet reads. */
export interface KubeletPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly initContainers?: readonly { readonly name: string }[];
    readonly containers: readonly {
      readonly name: string;
      readonly command?: readonly string[];
      readonly args?: readonly string[];
      readonly env?: readonly {
        readonly name: string;
        readonly value?: string;
        readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
      }[];
      readonly volumeMounts?: readonly Mount[];
    }[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly hostPath?: { readonly path: string };
      readonly emptyDir?: object;
      readonly secret?: { readonly secretName: string };
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly initContainerStatuses?: readonly { readonly state?: { readonly running?: object } }[];
  };
}

/** The options of unshare with which a container gets its own file system, network and process ids. */
export const CONTAINER_NAMESPACES: readonly string[] = [
  ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]),
  ...["--mount", "--net", "--pid", "--fork", "--kill-child"],
];

const PODS = "/var/lib/kubelet/pods";
/** Variables that lead to the front door. A real node's containers do not have them, because the network leads to AWS. */
const FRONT_DOOR = /^(?:(?:https?|no)_proxy|SSL_CERT_FILE|AWS_CA_BUNDLE)$/i;
/** The annotation of a static pod's object. Its value is the name of the pod's directory. */
const STATIC = "kubernetes.io/config.mirror";
const WAITING = "restore-wait";

export interface KubeletOptions {
  readonly velero: VeleroCluster;
  /** Velero's namespace. */
  readonly namespace: string;
  /** Directory for the volumes and logs. */
  readonly directory: string;
  /** Velero's program. */
  readonly program: string;
  readonly python: string;
  readonly kubeconfig: string;
  /** Variables that lead to the emulated AWS and to the cluster, through a proxy on the loopback interface. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Stands in for the kubelet of the only node, as far as files matter. kwok makes all pods Running. This class keeps the kubelet's directory of
 * volumes, and runs the containers of the node agent, and of the pods that the agent creates, as processes with their own file system:
 * arguments, variables and mounts come from the pods. It also stands in for the driver that gives a restored claim its volume.
 */
export class VolumeKubelet {
  private readonly started = new Map<string, ChildProcess>();
  private running = true;
  private readonly loop: Promise<void>;
  private readonly proxyPort: number;
  /** The directory of the Unix socket through which containers reach the proxy. A socket's path has at most 107 characters. */
  private readonly relayDirectory = mkdtempSync(join(tmpdir(), "kubelet-"));
  private readonly relay: Server;
  /** The last failed step; steps are tried again. */
  problem: unknown;

  constructor(private readonly options: KubeletOptions) {
    this.proxyPort = Number(new URL(options.environment.https_proxy ?? options.environment.HTTPS_PROXY ?? "").port);
    this.relay = createServer((outside) => {
      const proxy = connect(this.proxyPort, "127.0.0.1");
      for (const [from, to] of [
        [outside, proxy],
        [proxy, outside],
      ])
        from.on("error", () => to.destroy()).pipe(to);
    }).listen(this.socket);
    this.loop = this.work();
  }

  private get socket(): string {
    return join(this.relayDirectory, "proxy");
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    this.running = false;
    await this.loop;
    for (const child of this.started.values()) child.kill("SIGKILL");
    this.relay.close();
    // The copies of secrets must not stay.
    rmSync(join(this.options.directory, "containers"), { recursive: true, force: true });
    rmSync(this.relayDirectory, { recursive: true, force: true });
  }

  /** The directory of a claim's volume in a pod. */
  async directoryOf({ metadata }: KubeletPod, claim: string): Promise<string> {
    const { spec } = await this.options.velero.get("persistentvolumeclaim", claim, "--namespace", metadata.namespace);
    const directory = join(this.pods, metadata.uid, "volumes", "kubernetes.io~csi", String(spec?.volumeName), "mount");
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  private get pods(): string {
    return join(this.options.directory, "pods");
  }

  private async work(): Promise<void> {
    while (this.running) {
      await this.step().catch((error: unknown) => (this.problem = error));
      await sleep(1000);
    }
  }

  private async step(): Promise<void> {
    const text = await this.options.velero.kubectl("get", "pods", "--all-namespaces", "--output", "json");
    const pods = (JSON.parse(text) as { items: KubeletPod[] }).items.filter(({ status }) => status?.phase === "Running");
    for (const { metadata } of pods) mkdirSync(join(this.pods, metadata.annotations?.[STATIC] ?? metadata.uid), { recursive: true });
    for (const pod of pods) {
      if (pod.metadata.namespace === this.options.namespace) await this.run(pod);
      if (pod.spec.initContainers?.some(({ name }) => name === WAITING) === true) await this.wait(pod);
    }
  }

  /** Keeps a restored pod in its first container, which waits for the files. */
  private async wait(pod: KubeletPod): Promise<void> {
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? [])
      if (persistentVolumeClaim !== undefined) await this.directoryOf(pod, persistentVolumeClaim.claimName);
    if (pod.status?.initContainerStatuses?.[0]?.state?.running !== undefined) return;
    const state = { running: { startedAt: new Date().toISOString() } };
    await this.patch(pod, { initContainerStatuses: [{ name: WAITING, image: "i", imageID: "i", ready: false, restartCount: 0, state }] });
  }

  private async run(pod: KubeletPod): Promise<void> {
    const { name, uid } = pod.metadata;
    const [container] = pod.spec.containers;
    const [program, ...command] = [...(container.command ?? []), ...(container.args ?? [])];
    if (program !== "/velero" || command[0] === "server" || this.started.has(uid)) return;
    const home = join(this.options.directory, "containers", uid);
    const [root, message] = [join(home, "root"), join(home, "termination-log")];
    mkdirSync(root, { recursive: true });
    writeFileSync(message, "");
    writeFileSync(join(home, "kubeconfig"), await this.kubeconfig(), { mode: 0o600 });
    const mounts = [
      [this.options.program, "/velero"],
      [join(home, "kubeconfig"), "/kubeconfig"],
      [message, "/dev/termination-log"],
      ...(await this.mountsOf(pod, home)),
    ];
    const frontDoor = Object.entries(this.options.environment).filter(([variable]) => FRONT_DOOR.test(variable));
    const env = { PATH: process.env.PATH, ...Object.fromEntries(frontDoor), ...this.variablesOf(pod) };
    const authority = this.options.environment.SSL_CERT_FILE ?? "";
    mounts.push([authority, authority]);
    const log = openSync(join(this.options.directory, `${name}.log`), "a");
    const args = [
      ...CONTAINER_NAMESPACES,
      ...["sh", join(__dirname, "velero-container.sh"), root, this.options.python, String(this.proxyPort), this.socket],
      ...mounts.flat(),
      ...["--", program, ...command, "--kubeconfig=/kubeconfig", `--namespace=${this.options.namespace}`],
    ];
    const child = spawn("unshare", args, { env, stdio: ["ignore", log, log] });
    this.started.set(uid, child);
    child.once("exit", (code) => {
      if (!this.running) return;
      this.end(pod, code ?? 1, readFileSync(message, "utf8")).catch((error: unknown) => (this.problem = error));
    });
  }

  /** Reports the end of a container. */
  private async end(pod: KubeletPod, exitCode: number, message: string): Promise<void> {
    const [{ name }] = pod.spec.containers;
    const terminated = { exitCode, message, reason: exitCode === 0 ? "Completed" : "Error" };
    await this.patch(pod, {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containerStatuses: [{ name, image: "i", imageID: "i", ready: false, restartCount: 0, state: { terminated } }],
    });
  }

  private async mountsOf({ metadata: { uid }, spec }: KubeletPod, home: string): Promise<string[][]> {
    const sources = new Map<string, string>();
    for (const { name, hostPath, secret } of spec.volumes ?? []) {
      const directory = hostPath ? hostPath.path.replace(PODS, this.pods) : join(home, "volumes", name);
      mkdirSync(directory, { recursive: true });
      sources.set(name, directory);
      if (secret === undefined) continue;
      const { data = {} } = await this.options.velero.get("secret", secret.secretName, "--namespace", this.options.namespace);
      for (const [key, value] of Object.entries(data)) writeFileSync(join(directory, key), Buffer.from(value, "base64"), { mode: 0o600 });
    }
    return (spec.containers[0].volumeMounts ?? []).flatMap(({ name, mountPath }) => {
      const source = sources.get(name);
      if (source === undefined) throw new Error(`the pod ${uid} mounts an unknown volume ${name}`);
      return mountPath.startsWith("/var/run/secrets/kubernetes.io") ? [] : [[source, mountPath]];
    });
  }

  private variablesOf({ metadata, spec }: KubeletPod): Record<string, string> {
    const fields: Partial<Record<string, string>> = { "spec.nodeName": spec.nodeName ?? "", "metadata.namespace": metadata.namespace };
    return Object.fromEntries(
      (spec.containers[0].env ?? []).map(({ name, value, valueFrom }) => [
        name,
        value ?? fields[valueFrom?.fieldRef.fieldPath ?? ""] ?? "",
      ]),
    );
  }

  /** Access to the API with the service account's own rights. */
  private async kubeconfig(): Promise<string> {
    const token = await this.options.velero.kubectl("create", "token", "velero", "--namespace", this.options.namespace);
    const config = load(readFileSync(this.options.kubeconfig, "utf8")) as { users: { user: object }[] };
    return JSON.stringify({ ...config, users: config.users.map((each) => ({ ...each, user: { token: token.trim() } })) });
  }

  private async patch({ metadata }: KubeletPod, status: object): Promise<void> {
    const change = JSON.stringify({ status });
    await this.options.velero.kubectl(
      ...["patch", "pod", metadata.name, "--namespace", metadata.namespace, "--subresource=status", "--type=merge", "--patch", change],
    );
  }
}
