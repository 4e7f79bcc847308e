import * as pulumi from "@pulumi/pulumi";
import { CONFIG_KEY, type MonitoringConfigMap, ORIGINAL_ANNOTATION } from "../../cluster-objects/monitoring/config-maps";
import { reasonOf } from "../../lib/reason";
import type { ClusterApi } from "./cluster-api";

interface ConfigMap {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
}

/** The text of a ConfigMap before this program changed it; empty if it did not exist. Undefined if the cluster did not answer. */
export type OriginalText = (map: MonitoringConfigMap) => string | undefined;

/**
 * Asks a running cluster for the texts of ConfigMaps before this program changed them, so that they can be merged and restored. A cluster
 * that is not installed yet has none. If the cluster does not answer, a warning says so: a preview must work without the cluster.
 */
export async function observeOriginals(maps: readonly MonitoringConfigMap[], api: ClusterApi): Promise<OriginalText> {
  const kubeconfig = maps.length === 0 ? undefined : await api.kubeconfigIfRunning();
  if (kubeconfig === undefined) return () => "";
  const { ClusterClient } = await import("../../lib/kubernetes/client");
  try {
    const client = new ClusterClient(kubeconfig);
    const texts = new Map(
      await Promise.all(
        maps.map(async (map) => {
          const found = await client.get<ConfigMap>(`/api/v1/namespaces/${map.namespace}/configmaps/${map.name}`);
          return [map, found?.metadata.annotations?.[ORIGINAL_ANNOTATION] ?? found?.data?.[CONFIG_KEY] ?? ""] as const;
        }),
      ),
    );
    return (map) => texts.get(map);
  } catch (error) {
    await pulumi.log.warn(`could not read the configuration of monitoring in the cluster, so it is not compared: ${reasonOf(error)}`);
    return () => undefined;
  }
}
