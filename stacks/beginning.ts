import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { ClusterIdentity } from "../components/cluster-identity";
import type { Configuration } from "../config/configuration";
import type { Survey } from "./survey";

/** What comes before everything else. */
export interface Beginning {
  readonly identity: ClusterIdentity;
  /** Rejected with every problem that AWS finds in the configuration. */
  readonly surveying: Promise<Survey>;
}

/**
 * Asks AWS whether the configuration fits, and declares the cluster's identity.
 *
 * Nothing is made before the survey has found no problem. A preview makes nothing, so there the identity comes first: its plugin starts while the
 * libraries for AWS are loaded (docs/performance.md), which is why this file imports none of them.
 *
 * @throws ConfigurationError in an update, for a configuration that AWS can't satisfy.
 */
export async function begin(configuration: Configuration): Promise<Beginning> {
  const { clusterName, clusterDomain } = configuration;
  const declare = () => new ClusterIdentity("cluster", { clusterName, clusterDomain });
  if (pulumi.runtime.isDryRun()) {
    const identity = declare();
    await turn(); // loading blocks, so the request has to be on its way before
    const surveying = loadSurvey(configuration);
    surveying.catch(() => undefined); // awaited later: until then Node would take a refusal for one that nobody handles, and end
    return { identity, surveying };
  }
  const surveying = loadSurvey(configuration);
  await surveying;
  return { identity: declare(), surveying };
}

async function loadSurvey(configuration: Configuration): Promise<Survey> {
  const { survey } = await import("./survey");
  return survey(configuration);
}
