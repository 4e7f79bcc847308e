import { join } from "node:path";
import { traceOf } from "../../lib/reason";
import {
  type AwsSnapshot,
  connect,
  firstBoot,
  ignitionValidator,
  type Failure,
  failure,
  isFailure,
  type Listening,
  readAwsSnapshot,
  resolve,
  s3Getter,
  targetHealth,
  writeTargetHealth,
} from "../machines";
import { type Boot, Cluster } from "./cluster";
import { SimulatedInstallerHost } from "./installer-host";
import type { SimulatorOptions } from "./options";

/**
 * Seconds after which AWS is read again even if no recorded call has changed it. This is a safety net, in case the simulator has missed a
 * change.
 */
const longest = 120;

/** The instances of one region, and the clusters to which they belong. */
export class Region {
  private snapshot?: AwsSnapshot;
  private readAt = 0;
  /** Duration of the last read of AWS, in milliseconds. */
  private readTook = 0;
  /** Whether AWS has been changed since the last read. */
  private stale = true;
  private readonly clusters = new Map<string, Cluster>();
  private readonly hosts = new Map<string, SimulatedInstallerHost>();
  private lastHealth = "";
  private readonly s3Get;

  constructor(
    private readonly region: string,
    private readonly directory: string,
    private readonly options: SimulatorOptions,
    private readonly say: (text: string) => void,
  ) {
    this.s3Get = s3Getter(region);
  }

  readonly listening: Listening = (id, port) => {
    for (const cluster of this.clusters.values()) {
      const service = cluster.listens(id, port);
      if (service !== undefined) return service;
    }
    return this.hosts.get(id)?.listens(port);
  };

  /** Whether AWS has been read at least once. */
  get isRead(): boolean {
    return this.snapshot !== undefined;
  }

  get all(): ReadonlyMap<string, Cluster> {
    return this.clusters;
  }

  /**
   * For a connection to a host name in a cluster's domain: the loopback address to which the connection is forwarded, or
   * the reason why it is refused. Undefined if no cluster has this host name.
   */
  route(host: string, port: number): { target: string } | Failure | undefined {
    for (const cluster of this.clusters.values()) {
      const { domain } = cluster;
      const isRoute = cluster.routeHosts.includes(host);
      if (domain === undefined || this.snapshot === undefined || !(isRoute || host === domain || host.endsWith(`.${domain}`))) continue;
      const vpcId = cluster.vpcId;
      // All programs share the front door. A name that the internet doesn't know is resolved as an instance in the VPC would resolve it.
      const outside = isFailure(resolve(this.snapshot, "internet", host)) && vpcId !== undefined;
      const range = this.snapshot.vpcs.find(({ id }) => id === vpcId)?.cidrs[0] ?? "10.0.0.0/16";
      const within = { cidr: range, vpcId };
      const way = connect(this.snapshot, this.listening, outside ? within : "internet", host, port);
      // The deployer's computer is in the company's network, from which the internal routers can be reached, too.
      const reached = !isFailure(way) || (isRoute && !outside && !isFailure(connect(this.snapshot, this.listening, within, host, port)));
      if (isFailure(way) && !reached) return way;
      const target = cluster.portOf(host);
      return target === undefined ? failure(`the API server of ${domain} is not running`) : { target: `127.0.0.1:${target}` };
    }
    return undefined;
  }

  /** Does all steps that are possible now. Returns whether it did a step. `changed`: AWS has been changed since the last tick. */
  async tick(changed: boolean): Promise<boolean> {
    const age = Date.now() - this.readAt;
    this.stale ||= changed || age > longest * 1000;
    // The simulator reads AWS at most a third of the time, so that it does not slow down an update.
    if (this.snapshot === undefined || (this.stale && age > 2 * this.readTook)) {
      this.readAt = Date.now();
      this.snapshot = await readAwsSnapshot(this.region);
      this.readTook = Date.now() - this.readAt;
      this.stale = false;
      await this.updateClusters(this.snapshot);
      this.updateHosts(this.snapshot);
    }
    const { snapshot, lastHealth } = this;
    const boot: Boot = async (instance, images) =>
      firstBoot(snapshot, instance, {
        ...(images?.mirrors && { mirrors: images.mirrors }),
        ...(images && { hasProxy: images.hasProxy }),
        s3Get: this.s3Get,
        now: new Date(),
        listening: this.listening,
        validate: ignitionValidator(this.options.programs["ignition-validate"]),
      });
    const results = await Promise.all(
      [...this.clusters].map(([infraId, cluster]) =>
        cluster.tick({ snapshot, listening: this.listening, boot, health: lastHealth }).catch((error: unknown) => {
          this.say(`${infraId}: ${traceOf(error)}`);
          return false;
        }),
      ),
    );
    for (const host of this.hosts.values()) {
      await host.tick(snapshot, boot).catch((error: unknown) => {
        this.say(`${host.instance.id}: ${traceOf(error)}`);
      });
    }
    const states = targetHealth(snapshot, this.listening);
    const health = JSON.stringify(states);
    if (health !== this.lastHealth) writeTargetHealth(this.options.aws, states);
    this.lastHealth = health;
    return this.stale || results.includes(true);
  }

  /** Status of the installer hosts, by the instance's name. */
  get hostStatus(): Record<string, { phase: string; hangs?: string; sessionPort?: number }> {
    return Object.fromEntries(
      [...this.hosts.values()].map(({ instance, phase, hangs, sessionPort }) => [
        instance.tags.Name,
        { phase, ...(hangs !== undefined && { hangs }), ...(sessionPort !== undefined && { sessionPort }) },
      ]),
    );
  }

  /** Ends the processes of the simulated installer hosts. The clusters' control plane processes continue to run. */
  endHosts(): void {
    for (const cluster of this.clusters.values()) cluster.close();
    for (const host of this.hosts.values()) host.end();
    this.hosts.clear();
  }

  /** Finds the installer hosts by their name: they have the program's tags, but not the cluster's tag. */
  private updateHosts(snapshot: AwsSnapshot): void {
    const present = snapshot.instances.filter(
      ({ state, tags }) => state === "running" && "Name" in tags && tags.Name.endsWith("-installer-host"),
    );
    for (const instance of present) {
      const known = this.hosts.get(instance.id);
      if (known !== undefined) {
        known.instance = instance;
        continue;
      }
      const say = (text: string) => {
        this.say(`${instance.tags.Name}: ${text}`);
      };
      const directory = join(this.directory, "..", "hosts", instance.id);
      const { programs } = this.options;
      this.hosts.set(instance.id, new SimulatedInstallerHost({ directory, region: this.region, programs, say }, instance));
    }
    for (const [id, host] of this.hosts) {
      if (present.some((instance) => instance.id === id)) continue;
      host.end();
      this.hosts.delete(id);
    }
  }

  private async updateClusters(snapshot: AwsSnapshot): Promise<void> {
    const present = new Set(
      snapshot.instances.flatMap(({ tags }) => Object.keys(tags).flatMap((key) => /^kubernetes\.io\/cluster\/(.+)$/.exec(key)?.[1] ?? [])),
    );
    for (const infraId of present) {
      if (this.clusters.has(infraId)) continue;
      const { programs, definitions, node } = this.options;
      const directory = join(this.directory, infraId);
      const say = (text: string) => {
        this.say(`${infraId}: ${text}`);
      };
      const releases = join(this.directory, "releases.json");
      this.clusters.set(infraId, new Cluster({ directory, infraId, region: this.region, programs, definitions, releases, node, say }));
    }
    for (const [infraId, cluster] of this.clusters) {
      if (present.has(infraId)) continue;
      this.clusters.delete(infraId);
      await cluster.end();
      this.say(`${infraId}: its last instance is gone`);
    }
  }
}
