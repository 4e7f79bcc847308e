import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { ClusterIdentity } from "../components/cluster-identity";
import type { Configuration } from "../config/configuration";
import type { Preflight } from "./preflight/preflight";

/** The cluster's identity and the running preflight. */
export interface StartedPreflight {
  readonly identity: ClusterIdentity;
  /** The promise is rejected with every problem that AWS finds in the configuration. */
  readonly preflight: Promise<Preflight>;
}

/**
 * Starts the preflight and declares the cluster's identity.
 *
 * An update creates nothing until the preflight has found no problem. A preview creates nothing anyway, so there the identity is declared
 * first: its plugin starts while the AWS libraries load (docs/performance.md). For the same reason this file does not import those
 * libraries.
 *
 * @throws ConfigurationError in an update, for a configuration that AWS can't satisfy.
 */
export async function startPreflight(configuration: Configuration): Promise<StartedPreflight> {
  const { clusterName, clusterDomain } = configuration;
  const declare = () => new ClusterIdentity("cluster", { clusterName, clusterDomain });
  if (pulumi.runtime.isDryRun()) {
    const identity = declare();
    await turn(); // loading modules blocks, so the request must be sent before
    const preflight = importAndRunPreflight(configuration);
    preflight.catch(() => undefined); // awaited later: without this Node would treat a rejection as unhandled and exit
    return { identity, preflight };
  }
  const preflight = importAndRunPreflight(configuration);
  await preflight;
  return { identity: declare(), preflight };
}

async function importAndRunPreflight(configuration: Configuration): Promise<Preflight> {
  const { runPreflight } = await import("./preflight/preflight");
  return runPreflight(configuration);
}
