import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { declareRoutes, withdrawRoutes, type Route } from "../aws/routes";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import {
  connect,
  firstBoot,
  ignitionValidator,
  isRefusal,
  type Listening,
  readAwsSnapshot,
  resolve,
  s3Getter,
  targetHealth,
  type AwsSnapshot,
  writeTargetHealth,
} from "../machines";
import { type Boot, Cluster } from "./cluster";
import type { HostTools } from "./host-root";
import type { MasterTools } from "./master-root";
import { InstallerHost } from "./installer-host";
import { oauthHost } from "./oauth-server";
import { addressesOf } from "./names";
import { removeCluster, type Programs } from "./processes";
import { CallsFile } from "./calls-file";

/** The simulator's options, in `<directory>/options.json`. */
export interface SimulatorOptions {
  /** Directory of the emulated AWS. */
  readonly aws: string;
  readonly regions: readonly string[];
  readonly programs: Programs & HostTools & MasterTools & { readonly "ignition-validate": string; readonly registry: string };
  readonly definitions: string;
}

/** Milliseconds between two ticks, while something happens and while nothing does. */
const pace = { busy: 150, idle: 700 };

/**
 * AWS is read again after this many seconds even if no call has changed it. Only an error of the simulator itself would make this
 * necessary.
 */
const longest = 120;

/** The instances of one region, and the clusters to which they belong. */
class Region {
  private snapshot?: AwsSnapshot;
  private readAt = 0;
  /** Duration of the last reading, in milliseconds. */
  private readTook = 0;
  /** Whether AWS has been changed since the last reading. */
  private stale = true;
  private readonly clusters = new Map<string, Cluster>();
  private readonly hosts = new Map<string, InstallerHost>();
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
   * The loopback port at which a connection to a cluster's name ends, or the reason why it is refused; undefined if the name is not a
   * cluster's.
   */
  route(host: string, port: number): { target: string } | { refused: string } | undefined {
    for (const cluster of this.clusters.values()) {
      const { domain } = cluster;
      if (domain === undefined || this.snapshot === undefined || !(host === domain || host.endsWith(`.${domain}`))) continue;
      const vpcId = cluster.vpcId;
      // All programs share the front door. A name that the internet doesn't know is resolved as an instance in the VPC would resolve it.
      const outside = isRefusal(resolve(this.snapshot, "internet", host)) && vpcId !== undefined;
      const range = this.snapshot.vpcs.find(({ id }) => id === vpcId)?.cidrs[0] ?? "10.0.0.0/16";
      const way = connect(this.snapshot, this.listening, outside ? { cidr: range, vpcId } : "internet", host, port);
      if (isRefusal(way)) return way;
      const target = cluster.portOf(host);
      return target === undefined ? { refused: `the API server of ${domain} is not running` } : { target: `127.0.0.1:${target}` };
    }
    return undefined;
  }

  /** Does everything that is possible now. Returns whether anything was done. `changed`: AWS has been changed since the last tick. */
  async tick(changed: boolean): Promise<boolean> {
    const age = Date.now() - this.readAt;
    this.stale ||= changed || age > longest * 1000;
    // Reads AWS at most a third of the time, so that an update is not slowed down by the simulator.
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
          this.say(`${infraId}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
          return false;
        }),
      ),
    );
    for (const host of this.hosts.values()) {
      await host.tick(snapshot, boot).catch((error: unknown) => {
        this.say(`${host.instance.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
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

  /** Ends what runs on the simulated instances, but not the clusters' control plane processes. */
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
      this.hosts.set(instance.id, new InstallerHost({ directory, region: this.region, programs, say }, instance));
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
      const { programs, definitions } = this.options;
      const directory = join(this.directory, infraId);
      const say = (text: string) => {
        this.say(`${infraId}: ${text}`);
      };
      const releases = join(this.directory, "releases.json");
      this.clusters.set(infraId, new Cluster({ directory, infraId, region: this.region, programs, definitions, releases, say }));
    }
    for (const [infraId, cluster] of this.clusters) {
      if (present.has(infraId)) continue;
      this.clusters.delete(infraId);
      await cluster.end();
      this.say(`${infraId}: its last instance is gone`);
    }
  }
}

async function main(directory: string): Promise<void> {
  const options = readJson<SimulatorOptions>(join(directory, "options.json"));
  if (options === undefined) throw new Error(`${directory} has no options.json`);
  makePrivateDirectory(directory);
  const say = (text: string) => {
    console.log(`${new Date().toISOString()} ${text}`);
  };
  const calls = new CallsFile(join(options.aws, "calls.jsonl"));
  const regions = options.regions.map((region) => new Region(region, directory, options, say));
  const resolver = createServer((message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? "/", "http://localhost");
    if (pathname === "/addresses") {
      addressesOf(searchParams.get("name") ?? "", options.regions).then(
        (addresses) => response.end(JSON.stringify(addresses)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
      return;
    }
    const host = searchParams.get("host") ?? "";
    const port = Number(searchParams.get("port"));
    for (const region of regions) {
      const way = region.route(host, port);
      if (way === undefined) continue;
      if ("target" in way) response.end(JSON.stringify(way));
      else response.writeHead(502).end(way.refused);
      return;
    }
    response.writeHead(502).end(`no cluster in the sandbox has the name ${host}`);
  });
  await new Promise<void>((done) => resolver.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(resolver.address() as AddressInfo).port}/`;

  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      stop.abort();
    });
  writePrivately(join(directory, "simulator.json"), JSON.stringify({ resolver: url }));
  say("watching");

  let forgotten = false;
  let lastStatus = "";
  let lastRoutes = "";
  while (!stop.signal.aborted) {
    let progress = false;
    // Until the first instance is launched there is nothing to simulate, and AWS need not be read.
    const changed = calls.changed();
    if (calls.hasMachines) {
      for (const region of regions) {
        progress =
          (await region.tick(changed).catch((error: unknown) => {
            say(error instanceof Error ? (error.stack ?? error.message) : String(error));
            return false;
          })) || progress;
      }
      if (!forgotten && regions.every(({ isRead }) => isRead)) {
        await removeUnknownClusters(directory, regions);
        forgotten = true;
      }
    }
    const clusters = Object.fromEntries(regions.flatMap((region) => [...region.all]));
    const status = JSON.stringify(
      {
        ...Object.fromEntries(
          Object.entries(clusters).map(([infraId, cluster]) => [
            infraId,
            { phase: cluster.phase, unavailableOperators: cluster.unavailable, machines: cluster.status },
          ]),
        ),
        installerHosts: Object.assign({}, ...regions.map((region) => region.hostStatus)) as object,
      },
      null,
      2,
    );
    if (status !== lastStatus) writePrivately(join(directory, "status.json"), status);
    lastStatus = status;
    const names = Object.values(clusters).flatMap(({ domain }) => (domain === undefined ? [] : [domain]));
    const routes = names.flatMap((domain): Route[] =>
      [`api.${domain}`, `api-int.${domain}`, oauthHost(domain)].map((name) => ({ name, resolver: url })),
    );
    if (JSON.stringify(routes) !== lastRoutes) declareRoutes(options.aws, "cluster", routes);
    lastRoutes = JSON.stringify(routes);
    await sleep(progress || changed ? pace.busy : pace.idle);
  }
  for (const region of regions) region.endHosts();
  withdrawRoutes(options.aws, "cluster");
  resolver.close();
  process.exit(0);
}

/** Removes clusters of an earlier emulated account. */
async function removeUnknownClusters(directory: string, regions: readonly Region[]): Promise<void> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory() || regions.some((region) => region.all.has(entry.name))) continue;
    await removeCluster(join(directory, entry.name));
  }
}

main(process.argv[2] ?? ".").catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
