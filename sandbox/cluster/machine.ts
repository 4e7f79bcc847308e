import { join } from "node:path";
import { readJson, writePrivately } from "../aws/private-file";
import { connect, type FirstBoot, type Instance, isFailure, type Listening, type AwsSnapshot } from "../machines";
import { Api, type KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import { kubeletClientRequest, type KeyAndRequest, kubeletServingRequest } from "./certificate-request";
import { bootOf, kubeletName, nodeObject, nodeStatus } from "./node";

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/** The state of an instance. It is kept on disk, so that a restarted simulator continues from it. */
interface MachineState {
  /** The source of the instance's ignition config, and the pool whose config it requested. */
  boot?: { fetched: "user-data" | "object" | "machine-config-server"; role?: string };
  /** The node's name. It is determined at the first boot and kept in `/etc/kubernetes/node.env`. */
  node?: string;
  client?: Certificate;
  serving?: Certificate;
  registered?: boolean;
  /** The boot id that the Node's status reports. */
  told?: string;
  toldAt?: number;
}

/** Milliseconds that a stopped instance needs to boot again. */
const bootTime = 5000;

/** A private key, the name of the CSR for its certificate, and, once the CSR is signed, the certificate. */
interface Certificate {
  key: string;
  request: string;
  certificate?: string;
}

/** The input of an instance's next step. */
export interface StepContext {
  readonly snapshot: AwsSnapshot;
  readonly listening: Listening;
  /** The cluster's control plane; undefined until its bootstrap instance has started. */
  readonly cluster?: { readonly config: BootstrapConfig; readonly port: number; readonly mastersSchedulable: boolean };
  readonly boot: (instance: Instance) => Promise<FirstBoot>;
}

/** The entry of an instance in `status.json`. */
export interface MachineStatus {
  readonly name: string;
  readonly phase: string;
  /** The reason why the instance's boot does not continue. */
  readonly hangs?: string;
}

/** A running instance of a cluster, with the steps that it has done since its launch and the reason why it waits. */
export class SimulatedInstance {
  /** The reason why the instance does not continue; undefined while it continues. */
  hangs?: string;
  private state: MachineState;
  private readonly file: string;
  private kubelet?: Api;

  constructor(
    directory: string,
    public instance: Instance,
    private readonly say: (text: string) => void,
  ) {
    this.file = join(directory, `${instance.id}.json`);
    this.state = readJson<MachineState>(this.file) ?? {};
  }

  /** The instance's Name tag, otherwise its id. */
  get name(): string {
    const { id, tags } = this.instance;
    return "Name" in tags ? tags.Name : id;
  }

  /** The name of the instance's Node. */
  get node(): string {
    return this.state.node ?? kubeletName(this.instance);
  }

  get kind(): "bootstrap" | "host" | "node" | undefined {
    if (this.state.boot === undefined) return undefined;
    return ({ object: "bootstrap", "user-data": "host", "machine-config-server": "node" } as const)[this.state.boot.fetched];
  }

  get role(): string | undefined {
    return this.state.boot?.role;
  }

  get isHost(): boolean {
    return this.kind === "host";
  }

  get isMaster(): boolean {
    return this.role === "master";
  }

  get isRegistered(): boolean {
    return this.state.registered === true;
  }

  /** The time of the instance's boot, as its Node reports it; undefined while the instance does not run. */
  get bootedAt(): Date | undefined {
    return this.state.told === bootOf(this.instance) && this.instance.state === "running" ? new Date(this.state.toldAt ?? 0) : undefined;
  }

  /** Whether the instance's kubelet has both of its certificates. */
  get isComplete(): boolean {
    return this.isRegistered && this.state.serving?.certificate !== undefined;
  }

  get phase(): string {
    const { boot, client, registered, serving } = this.state;
    if (boot === undefined) return "booting";
    if (this.kind !== "node") return "booted";
    if (client === undefined) return "booted";
    if (client.certificate === undefined) return "waits for its client certificate";
    if (registered !== true) return "registers";
    if (serving?.certificate === undefined) return "ready, waits for its serving certificate";
    return "ready";
  }

  /**
   * Simulates the first boot. Returns the ignition config of a bootstrap instance or installer host; undefined for other instances, or if the boot hangs.
   */
  async firstBoot(stepContext: StepContext): Promise<string | undefined> {
    const boot = await stepContext.boot(this.instance);
    if ("hangs" in boot) {
      this.hang(boot.hangs);
      return undefined;
    }
    this.proceed(
      boot.fetched === "machine-config-server"
        ? `booted as ${boot.role}, with the config that ${boot.from} served`
        : `booted with the config ${boot.fetched === "object" ? "in S3" : "in its user data"}`,
    );
    this.save({ boot: { fetched: boot.fetched, ...("role" in boot && { role: boot.role }) }, node: kubeletName(this.instance) });
    return "ignition" in boot ? boot.ignition : undefined;
  }

  /** Does the kubelet's next step. Returns whether it did a step. The next tick repeats a request that the API server refused. */
  async step(stepContext: StepContext): Promise<boolean> {
    if (this.instance.state !== "running") return false;
    try {
      return await this.stepKubelet(stepContext);
    } catch (error) {
      this.hang(`the kubelet failed: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  private async stepKubelet(stepContext: StepContext): Promise<boolean> {
    const { cluster, snapshot, listening } = stepContext;
    const reboots = this.isRegistered && this.state.told !== bootOf(this.instance);
    if (this.kind !== "node" || cluster === undefined || (this.isComplete && !reboots)) return false;
    const { config } = cluster;
    const way = connect(snapshot, listening, this.instance, `api-int.${config.domain}`, 6443);
    if (isFailure(way)) {
      this.hang(`the kubelet can't reach the API: ${way.reason}`);
      return false;
    }
    const { client, registered, serving } = this.state;
    if (client?.certificate === undefined) {
      const bootstrapper = new Api(cluster.port, `api-int.${config.domain}`, config.nodeBootstrapper);
      try {
        return await this.obtain(bootstrapper, "client", () => kubeletClientRequest(this.node));
      } finally {
        bootstrapper.close();
      }
    }
    this.kubelet ??= new Api(cluster.port, `api-int.${config.domain}`, {
      ca: config.nodeBootstrapper.ca,
      certificate: client.certificate,
      key: client.key,
    });
    if (registered !== true) {
      await this.register(this.kubelet, cluster.mastersSchedulable);
      return true;
    }
    if (reboots) {
      if (Date.now() - this.instance.launched.getTime() < bootTime) return false;
      await this.reportStatus(this.kubelet);
      this.proceed(`node ${this.node} has booted again`);
      return true;
    }
    return serving?.certificate === undefined && (await this.obtainServing(this.kubelet));
  }

  /**
   * Requests a certificate for the names and addresses in the Node's status (kubernetes/kubernetes, `pkg/kubelet/certificate/kubelet.go`, release-1.33), which
   * come from the cloud controller.
   */
  private async obtainServing(kubelet: Api): Promise<boolean> {
    if (this.state.serving !== undefined)
      return this.obtain(kubelet, "serving", () => kubeletServingRequest(this.node, { dns: [], ip: [] }));
    const { status } = await kubelet.send<KubeNode>("GET", `/api/v1/nodes/${this.node}`);
    const addresses = status?.addresses ?? [];
    const of = (...types: readonly string[]) => [
      ...new Set(addresses.filter(({ type }) => types.includes(type)).map(({ address }) => address)),
    ];
    const names = { dns: of("Hostname", "InternalDNS", "ExternalDNS"), ip: of("InternalIP", "ExternalIP") };
    if (names.dns.length === 0 && names.ip.length === 0) {
      this.hang("the cloud controller has not written the addresses of its node");
      return false;
    }
    return this.obtain(kubelet, "serving", () => kubeletServingRequest(this.node, names));
  }

  close(): void {
    this.kubelet?.close();
  }

  private async register(kubelet: Api, mastersSchedulable: boolean): Promise<void> {
    await kubelet.create(nodeObject(this.node, this.instance, this.role ?? "worker", mastersSchedulable));
    await this.reportStatus(kubelet);
    this.save({ registered: true });
    this.proceed(`node ${this.node} is registered and ready`);
  }

  private async reportStatus(kubelet: Api): Promise<void> {
    await kubelet.patchStatus(`/api/v1/nodes/${this.node}`, nodeStatus(this.instance));
    this.save({ told: bootOf(this.instance), toldAt: Date.now() });
  }

  /** Creates a CSR, or checks whether an earlier CSR has been signed. */
  private async obtain(api: Api, kind: "client" | "serving", make: () => Promise<KeyAndRequest>): Promise<boolean> {
    const known = this.state[kind];
    if (known === undefined) {
      const { key, object } = await make();
      const { metadata } = await api.send("POST", requests, object);
      this.save({ [kind]: { key, request: metadata.name ?? "" } });
      this.proceed(`requested its ${kind} certificate: ${metadata.name ?? ""}`);
      return true;
    }
    const request = await api.get<SigningRequest>(`${requests}/${known.request}`);
    const refusal = request?.status?.conditions?.find(({ type }) => type === "Denied" || type === "Failed");
    if (request === undefined || refusal !== undefined) {
      this.hang(
        `its request ${known.request} for a ${kind} certificate ${refusal === undefined ? "is gone" : `is ${refusal.type}: ${refusal.message ?? ""}`}`,
      );
      // A kubelet creates a new CSR if its CSR has failed.
      this.save({ [kind]: undefined });
      return false;
    }
    if (request.status?.certificate === undefined) {
      this.hang(`its request ${known.request} for a ${kind} certificate is not approved`);
      return false;
    }
    const certificate = Buffer.from(request.status.certificate, "base64").toString("utf8");
    this.save({ [kind]: { ...known, certificate } });
    this.proceed(`has its ${kind} certificate`);
    return true;
  }

  private hang(reason: string): void {
    if (this.hangs !== reason) this.say(reason);
    this.hangs = reason;
  }

  private proceed(text: string): void {
    this.hangs = undefined;
    this.say(text);
  }

  private save(change: MachineState): void {
    this.state = { ...this.state, ...change };
    writePrivately(this.file, JSON.stringify(this.state));
  }
}

interface KubeNode extends KubeObject {
  status?: { addresses?: { type: string; address: string }[] };
}

interface SigningRequest extends KubeObject {
  status?: { certificate?: string; conditions?: { type: string; message?: string }[] };
}
