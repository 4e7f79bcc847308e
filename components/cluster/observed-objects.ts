import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../lib/program-error";
import { reasonOf } from "../../lib/reason";
import type { ClusterApi } from "./cluster-api";

/** Objects of the cluster by path; an object that is missing is undefined. */
export type ObservedObjects<T> = ReadonlyMap<string, T | undefined>;

/** Attempts of an update to read the objects, and the seconds between them. */
const attempts = 3;
const pauseSeconds = 2;

/**
 * Reads the objects whose content the program merges with its own settings before it writes them. A cluster that is not installed yet has none of
 * them.
 *
 * @param name the name of the objects in a message, such as "the configuration of monitoring"
 * @returns undefined if a preview can't know the objects: it must work without the cluster
 * @throws ProgramError in an update whose cluster does not answer: an update without the objects' content would overwrite that content
 */
export async function observeObjects<T>(paths: readonly string[], api: ClusterApi, name: string): Promise<ObservedObjects<T> | undefined> {
  if (!api.installedBefore) return new Map();
  const kubeconfig = await api.kubeconfigIfRunning();
  if (kubeconfig === undefined) return undefined;
  const { ClusterClient } = await import("../../lib/kubernetes/client");
  for (let attempt = 1; ; attempt++) {
    try {
      const client = new ClusterClient(kubeconfig);
      return new Map(await Promise.all(paths.map(async (path) => [path, await client.get<T>(path)] as const)));
    } catch (error) {
      if (pulumi.runtime.isDryRun()) {
        await pulumi.log.warn(`could not read ${name} in the cluster, so it is not compared: ${reasonOf(error)}`);
        return undefined;
      }
      if (attempt === attempts)
        throw new ProgramError(
          `could not read ${name} in the cluster: ${reasonOf(error)}. The settings are merged into it, so an update without its content would overwrite that content. Run the command again when the API answers.`,
        );
    }
    await sleep(pauseSeconds * 1000);
  }
}
