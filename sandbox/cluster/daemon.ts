import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { declareRoutes, withdrawRoutes, type FrontDoorRoute } from "../aws/routes";
import { traceOf } from "../../lib/reason";
import { makePrivateDirectory, readJson, writePrivately } from "../aws/private-file";
import { oauthRouteHost } from "./oauth-server";
import { addressesOfName } from "./names";
import { removeCluster } from "./processes";
import { CallsFile } from "./calls-file";
import type { SimulatorOptions } from "./options";
import { Region } from "./region";

/** Milliseconds between two ticks: `busy` after a tick that did something or that saw a change in AWS, otherwise `idle`. */
const pace = { busy: 150, idle: 700 };

async function main(directory: string): Promise<void> {
  const options = readJson<SimulatorOptions>(join(directory, "options.json"));
  if (options === undefined) throw new Error(`${directory} has no options.json`);
  makePrivateDirectory(directory);
  const say = (text: string) => {
    console.log(`${new Date().toISOString()} ${text}`);
  };
  const regions = options.regions.map((region) => new Region(region, directory, options, say));
  const resolver = createServer(answerWith(regions, options));
  await new Promise<void>((done) => resolver.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(resolver.address() as AddressInfo).port}/`;
  const stop = stopSignal();
  writePrivately(join(directory, "simulator.json"), JSON.stringify({ resolver: url }));
  say("watching");
  await simulate({ directory, options, regions, resolver: url, stop, say });
  for (const region of regions) region.endHosts();
  withdrawRoutes(options.aws, "cluster");
  resolver.close();
  process.exit(0);
}

/** Returns a signal that is aborted when this process has to end. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      stop.abort();
    });
  return stop.signal;
}

/** Answers two kinds of requests: to which local address a connection to a cluster's name goes, and which addresses a name has (`/addresses?name=…`). */
function answerWith(regions: readonly Region[], options: SimulatorOptions): RequestListener {
  return (message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? "/", "http://localhost");
    if (pathname === "/addresses") {
      addressesOfName(searchParams.get("name") ?? "", options.regions).then(
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
      else response.writeHead(502).end(way.reason);
      return;
    }
    response.writeHead(502).end(`no cluster in the sandbox has the name ${host}`);
  };
}

interface Simulation {
  readonly directory: string;
  readonly options: SimulatorOptions;
  readonly regions: readonly Region[];
  /** URL of the resolver. */
  readonly resolver: string;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
}

/** Simulates the clusters of all regions until the process is to end. */
async function simulate({ directory, options, regions, resolver, stop, say }: Simulation): Promise<void> {
  const calls = new CallsFile(join(options.aws, "calls.jsonl"));
  let forgotten = false;
  let lastStatus = "";
  let lastRoutes = "";
  while (!stop.aborted) {
    let progress = false;
    // Until the first instance is launched there is nothing to simulate, and AWS need not be read.
    const changed = calls.changed();
    if (calls.hasMachines) {
      progress = await tickAll(regions, changed, say);
      if (!forgotten && regions.every(({ isRead }) => isRead)) {
        await removeUnknownClusters(directory, regions);
        forgotten = true;
      }
    }
    const status = statusText(regions);
    if (status !== lastStatus) writePrivately(join(directory, "status.json"), status);
    lastStatus = status;
    const routes = routesTo(regions, resolver);
    if (JSON.stringify(routes) !== lastRoutes) declareRoutes(options.aws, "cluster", routes);
    lastRoutes = JSON.stringify(routes);
    await sleep(progress || changed ? pace.busy : pace.idle);
  }
}

/** Runs a tick of each region. Returns whether a region did a step. */
async function tickAll(regions: readonly Region[], changed: boolean, say: (text: string) => void): Promise<boolean> {
  let progress = false;
  for (const region of regions) {
    progress =
      (await region.tick(changed).catch((error: unknown) => {
        say(traceOf(error));
        return false;
      })) || progress;
  }
  return progress;
}

/** The content of `status.json`. */
function statusText(regions: readonly Region[]): string {
  const clusters = regions.flatMap((region) => [...region.all]);
  return JSON.stringify(
    {
      ...Object.fromEntries(
        clusters.map(([infraId, { phase, problem, unavailable, status }]) => [
          infraId,
          { phase, ...(problem !== undefined && { problem }), unavailableOperators: unavailable, machines: status },
        ]),
      ),
      installerHosts: Object.assign({}, ...regions.map((region) => region.hostStatus)) as object,
    },
    null,
    2,
  );
}

/** Routes for the names of all clusters that know their domain. */
function routesTo(regions: readonly Region[], resolver: string): FrontDoorRoute[] {
  const clusters = new Map(regions.flatMap((region) => [...region.all]));
  return [...clusters.values()].flatMap(({ domain, routeHosts }) =>
    domain === undefined
      ? []
      : [`api.${domain}`, `api-int.${domain}`, oauthRouteHost(domain), ...routeHosts].map((name): FrontDoorRoute => ({ name, resolver })),
  );
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
