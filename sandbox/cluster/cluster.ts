import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import type { FirstBoot, Instance, Listening, Service, AwsSnapshot } from "../machines";
import { apiServerStatus, machineConfigServerStatus } from "./http-status";
import { BootstrapConfig } from "./bootstrap-config";
import { approvePending, completeBootstrap, installRelease } from "./bootstrap";
import { CloudController } from "./cloud-controller";
import { CrashGuard } from "./crash-guard";
import { ContainerNode, type ContainerNodeOptions } from "./kubelet/container-node";
import { type MachineStatus, SimulatedInstance, type StepContext } from "./machine";
import { kubeletChange, roleLabels } from "./node";
import type { Stage } from "./operators";
import { SimulatedControlPlane, removeCluster, type Programs } from "./processes";
import { OperatorsLoop, type OperatorsLoopOptions } from "./operators-loop";
import { readKnownReleases } from "./updates/known-releases";
import { ReleaseOperators } from "./updates/release-operators";

export interface ClusterOptions extends Pick<ContainerNodeOptions, "node"> {
  /** `<sandbox>/cluster/<infraID>` */
  readonly directory: string;
  readonly infraId: string;
  readonly region: string;
  readonly programs: Programs & OperatorsLoopOptions["programs"];
  /** Directory with OpenShift's CRDs. */
  readonly definitions: string;
  /** File with the releases that the update service and the registries know. */
  readonly releases: string;
  /** Writes a line to the log. */
  readonly say: (text: string) => void;
}

/** Simulates the first boot of an instance. `images` says where the cluster's images come from, once the cluster's bootstrap config is known. */
export type Boot = (instance: Instance, images?: Pick<BootstrapConfig, "mirrors" | "hasProxy">) => Promise<FirstBoot>;

/** The input of one tick. */
export interface TickContext {
  readonly snapshot: AwsSnapshot;
  readonly listening: Listening;
  readonly boot: Boot;
  /** A text that changes when the health of a load balancer's target changes. */
  readonly health: string;
}

/** Stages of the installation that the simulated cluster has reached. They are kept on disk. */
interface ClusterState {
  /** The bootstrap instance has installed all manifests. */
  manifests?: boolean;
  /** The control plane instances serve the API and machine configs. */
  mastersServe?: boolean;
  /** The bootstrap is complete, and the bootstrap instance serves nothing any more. */
  bootstrapped?: boolean;
}

/** Retry interval in seconds while AWS's state is unchanged. */
const retrySeconds = 5;

/** A cluster: the instances with one infraID, its control plane's processes, and its operators. */
export class Cluster {
  private readonly machines = new Map<string, SimulatedInstance>();
  private readonly lastBoot = new Map<string, { readonly snapshot: AwsSnapshot; readonly health: string; readonly time: number }>();
  private readonly labelled = new Set<string>();
  private state: ClusterState;
  private config?: BootstrapConfig;
  private plane?: SimulatedControlPlane;
  private starting?: Promise<void>;
  /** Time of the next attempt to start a control plane that has failed to start. */
  private startAfter = 0;
  private readonly crashes = new CrashGuard();
  private cloudController?: CloudController;
  /** The reason why the bootstrap instance does not continue. */
  private bootstrapHangs?: string;
  private operators?: ReleaseOperators;
  private operatorsLoop?: OperatorsLoop;
  private waiting: readonly string[] = [];
  private lastProblem?: string;

  constructor(private readonly options: ClusterOptions) {
    const { directory } = options;
    makePrivateDirectory(join(directory, "machines"));
    this.state = readJson<ClusterState>(join(directory, "state.json")) ?? {};
    if (existsSync(this.configFile)) this.config = new BootstrapConfig(readFileSync(this.configFile, "utf8"));
  }

  /** `<cluster>.<base domain>`: from the instances' tags until the bootstrap instance's manifests are known. */
  get domain(): string | undefined {
    const [tagged] = [...this.machines.values()].flatMap(({ instance }) =>
      "okd-aws/cluster" in instance.tags ? instance.tags["okd-aws/cluster"] : [],
    );
    return this.config?.domain ?? tagged;
  }

  /** The VPC of the cluster's instances. */
  get vpcId(): string | undefined {
    const [machine] = this.machines.values();
    return (machine as SimulatedInstance | undefined)?.instance.vpcId;
  }

  /** Loopback port that serves one of the cluster's host names: the port of the OAuth server for that server's name, the port of the API server for all other names. */
  portOf(host: string): number | undefined {
    return this.operatorsLoop?.portOf(host) ?? this.plane?.port;
  }

  /** Hosts of the Routes that the cluster's routers serve. */
  get routeHosts(): readonly string[] {
    return this.operatorsLoop?.routeHosts ?? [];
  }

  get phase(): string {
    if (this.config === undefined) return "waits for its bootstrap instance";
    if (this.state.bootstrapped !== true) return "bootstraps";
    return this.waiting.length > 0 ? "installs" : "installed";
  }

  get status(): Record<string, MachineStatus> {
    return Object.fromEntries(
      [...this.machines].map(([id, machine]) => {
        const hangs = machine.hangs ?? (machine.kind === "bootstrap" ? this.bootstrapHangs : undefined);
        return [id, { name: machine.name, phase: machine.phase, ...(hangs !== undefined && { hangs }) }];
      }),
    );
  }

  /** The reason why one of the cluster's own processes can't be started; undefined if all run. */
  get problem(): string | undefined {
    return this.cloudController?.problem ?? (this.plane?.ended === undefined ? undefined : this.bootstrapHangs);
  }

  /** Cluster operators that are not available yet. */
  get unavailable(): readonly string[] {
    return this.waiting;
  }

  /** The service that listens on a port of one of the cluster's instances. */
  listens(instanceId: string, port: number): Service | undefined {
    const machine = this.machines.get(instanceId);
    if (machine === undefined || machine.instance.state !== "running") return undefined;
    const routed = this.operatorsLoop?.listens(machine, port);
    if (routed !== undefined) return routed;
    const serves = machine.kind === "bootstrap" ? this.state.bootstrapped !== true : machine.isMaster && this.state.mastersServe === true;
    if (!serves || this.plane === undefined || this.config === undefined) return undefined;
    const { config } = this;
    if (port === 6443)
      return { protocol: "https", statusOf: apiServerStatus, certificate: config.tls("kube-apiserver-internal-lb-server.crt") };
    // The bootstrap instance serves only the configs of the control plane. Workers wait for the machine config server on the control plane.
    const pools = machine.isMaster ? ["master", "worker"] : ["master"];
    const statusOf = (path: string) => machineConfigServerStatus(path, pools);
    if (port === 22623) return { protocol: "https", statusOf, certificate: config.tls("machine-config-server.crt") };
    return undefined;
  }

  /** Does all steps that are possible now. Returns whether it did a step. */
  async tick(tickContext: TickContext): Promise<boolean> {
    await this.updateInstances(tickContext.snapshot);
    const stepContext: StepContext = {
      ...tickContext,
      boot: (instance) => tickContext.boot(instance, this.config),
      cluster: this.config && this.plane && { config: this.config, port: this.plane.port, mastersSchedulable: this.mastersSchedulable },
    };
    const booted = await Promise.all([...this.machines.values()].map((machine) => this.boot(machine, stepContext, tickContext)));
    this.ensureControlPlane();
    if (this.plane === undefined) return booted.includes(true);
    const stepped = await Promise.all([...this.machines.values()].map((machine) => machine.step(stepContext)));
    await this.labelNodes();
    await this.cloudController?.advance(tickContext.snapshot, [...this.machines.values()]);
    const advanced = await this.advance(tickContext).catch((error: unknown) => {
      this.logProblem(error instanceof Error ? error.message : String(error));
      return false;
    });
    return [...booted, ...stepped, advanced].includes(true);
  }

  /** Stops the simulator's own servers for the cluster. The control plane's processes continue to run. */
  readonly close = (): void => this.operatorsLoop?.close();

  /** Stops the cluster's processes and deletes its secrets. Logs are kept. */
  async end(): Promise<void> {
    await this.starting?.catch(() => undefined);
    for (const machine of this.machines.values()) machine.close();
    this.operatorsLoop?.close();
    this.plane?.close();
    await removeCluster(this.options.directory);
  }

  /** Logs a problem, unless it is the one that was logged last. */
  private logProblem(problem: string): void {
    if (problem !== this.lastProblem) this.options.say(problem);
    this.lastProblem = problem;
  }

  private get configFile(): string {
    return join(this.options.directory, "bootstrap.ign");
  }

  private get mastersSchedulable(): boolean {
    return this.config?.mastersSchedulable === true;
  }

  private async updateInstances(snapshot: AwsSnapshot): Promise<void> {
    const tag = `kubernetes.io/cluster/${this.options.infraId}`;
    for (const instance of snapshot.instances.filter(({ tags }) => tag in tags)) {
      const known = this.machines.get(instance.id);
      if (known !== undefined) known.instance = instance;
      else if (instance.state === "running") {
        const machine: SimulatedInstance = new SimulatedInstance(join(this.options.directory, "machines"), instance, (text) => {
          this.options.say(`${machine.name}: ${text}`);
        });
        this.machines.set(instance.id, machine);
        this.options.say(`${machine.name}: runs as ${instance.id}`);
      }
    }
    for (const [id, machine] of this.machines) {
      if (snapshot.instances.some((instance) => instance.id === id)) continue;
      this.machines.delete(id);
      machine.close();
      this.options.say(`${machine.name}: is gone`);
      // The kubelet of the deleted instance sends nothing more. The cloud controller then deletes the Node.
      if (machine.isRegistered) await this.plane?.admin.patch(`/api/v1/nodes/${machine.node}`, kubeletChange(false)).catch(() => undefined);
    }
  }

  /** Boots an instance that has not booted yet. After a failed boot it tries again when AWS's records have changed, and every `retrySeconds`. */
  private async boot(machine: SimulatedInstance, stepContext: StepContext, { health }: TickContext): Promise<boolean> {
    if (machine.kind !== undefined) return false;
    const { id } = machine.instance;
    const last = this.lastBoot.get(id);
    const { snapshot } = stepContext;
    if (last?.snapshot === snapshot && last.health === health && Date.now() - last.time < retrySeconds * 1000) return false;
    this.lastBoot.set(id, { snapshot, health, time: Date.now() });
    const ignition = await machine.firstBoot(stepContext);
    if (ignition !== undefined && !machine.isHost && this.config === undefined) {
      writePrivately(this.configFile, ignition);
      this.config = new BootstrapConfig(ignition);
    }
    return machine.hangs === undefined;
  }

  /** Starts the control plane's processes, or restarts the processes that have ended. It does not wait for them; a later tick sees the result. */
  private ensureControlPlane(): void {
    const { config, options } = this;
    if (
      config === undefined ||
      this.starting !== undefined ||
      Date.now() < this.startAfter ||
      (this.plane !== undefined && this.plane.ended === undefined)
    )
      return;
    const start = async () => {
      this.plane?.close();
      const plane = await SimulatedControlPlane.start(options.directory, config, options.programs, this.crashes, options.node);
      options.say(`the API server answers at 127.0.0.1:${plane.port}`);
      this.plane = plane;
      this.cloudController = new CloudController(plane, config, options);
      if (this.state.manifests !== true) {
        await installRelease(plane.admin, config, options.definitions, (problem) => {
          if (problem !== this.bootstrapHangs && problem !== undefined) options.say(`bootstrap: ${problem}`);
          this.bootstrapHangs = problem;
        });
        options.say("bootstrap: all manifests are installed");
        this.save({ manifests: true });
      }
      await plane.runPods(config.clusterNetwork);
      const releases = () => readKnownReleases(options.releases);
      this.operators = new ReleaseOperators(plane.admin, { installed: config.release, releases, say: options.say });
      this.operatorsLoop?.close();
      const node = await ContainerNode.start(plane.admin, config, { ...options, port: plane.port });
      this.operatorsLoop = new OperatorsLoop(plane.admin, config, { ...options, port: plane.port, node });
    };
    this.starting = start()
      .then(() => (this.bootstrapHangs = undefined))
      .catch((error: unknown) => {
        this.bootstrapHangs = error instanceof Error ? error.message : String(error);
        this.startAfter = Date.now() + retrySeconds * 1000;
        this.logProblem(`bootstrap: ${this.bootstrapHangs}`);
      })
      .then(() => (this.starting = undefined));
  }

  private async labelNodes(): Promise<void> {
    for (const machine of this.machines.values()) {
      if (!machine.isRegistered || this.labelled.has(machine.instance.id)) continue;
      await this.plane?.admin.patch(`/api/v1/nodes/${machine.node}`, {
        metadata: { labels: roleLabels(machine.role ?? "worker", this.mastersSchedulable) },
      });
      this.labelled.add(machine.instance.id);
    }
  }

  /** Does the next step of the cluster as a whole, apart from the steps of its instances. */
  private async advance(tickContext: TickContext): Promise<boolean> {
    const { plane, operators, operatorsLoop, options } = this;
    if (plane === undefined) return false;
    const bootstrapRuns = [...this.machines.values()].some(({ kind }) => kind === "bootstrap");
    if (this.state.bootstrapped !== true && bootstrapRuns && (await approvePending(plane.admin, options.say))) return true;
    if (operators === undefined || operatorsLoop === undefined || this.state.manifests !== true) return false;

    const masters = [...this.machines.values()].filter(({ isMaster, isComplete }) => isMaster && isComplete);
    const wanted = this.config?.controlPlaneReplicas ?? 0;
    if (this.state.bootstrapped !== true && bootstrapRuns && masters.length >= wanted) {
      if (this.state.mastersServe !== true) {
        this.save({ mastersServe: true });
        options.say("the control plane instances serve the API and machine configs");
        return true;
      }
      await completeBootstrap(plane.admin, this.config?.file("/opt/openshift/original_cvo_overrides.patch") ?? "{}");
      this.save({ bootstrapped: true });
      options.say("bootstrap is complete");
      return true;
    }
    const pending: Partial<Record<Stage, string>> =
      this.state.bootstrapped === true
        ? await operatorsLoop.advance(tickContext.snapshot, tickContext.listening, [...this.machines.values()], this.mastersSchedulable)
        : everything(`bootstrap is not complete: ${masters.length} of ${wanted} control plane nodes have joined`);
    const before = this.waiting.join();
    const waiting = await operators.advance(pending, operatorsLoop.degraded, operatorsLoop.holds);
    this.waiting = waiting;
    if (before !== "" && waiting.length === 0) options.say("the cluster is installed");
    return before !== waiting.join();
  }

  private save(change: ClusterState): void {
    this.state = { ...this.state, ...change };
    writePrivately(join(this.options.directory, "state.json"), JSON.stringify(this.state));
  }
}

function everything(reason: string): Record<Stage, string> {
  return { "control-plane": reason, workers: reason, router: reason, names: reason, registry: reason };
}
