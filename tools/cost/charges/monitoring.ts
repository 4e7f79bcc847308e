import { CONFIG_KEY } from "../../../cluster-objects/monitoring/config-maps";
import { recordValue, type Resource, textValue } from "../../../lib/pulumi/resource";
import { parseYaml11 } from "../../../lib/yaml-1.1";
import { reasonOf } from "../../../lib/reason";
import type { Charges } from "../charge";
import { claimCharge } from "./claim";

/**
 * Fields of monitoring's two ConfigMaps that may set a volume, with the pods that get the volume (openshift/cluster-monitoring-operator,
 * `assets`, release-4.19). The code looks for all fields in both ConfigMaps, because no field is in both.
 */
const PODS: ReadonlyMap<string, string> = new Map([
  ["prometheusK8s", "Prometheus"],
  ["alertmanagerMain", "Alertmanager"],
  ["prometheus", "Prometheus of the users' projects"],
  ["alertmanager", "Alertmanager of the users' projects"],
  ["thanosRuler", "rules of the users' projects"],
]);

/** Facts about the cluster that decide how many volumes monitoring has, and of which type. */
export interface MonitoringCluster {
  /** Number of pods of each kind: 2, or 1 in a cluster with one node. */
  readonly pods: number;
  /** Storage class of claims that name none. */
  readonly defaultClass: string;
}

/**
 * The volumes that the cluster creates for the pods of monitoring.
 *
 * @returns an empty list for a ConfigMap that does not configure monitoring.
 */
export function monitoringVolumeCharges({ inputs }: Resource, cluster: MonitoringCluster): Charges {
  const text = textValue(recordValue(inputs.data)?.[CONFIG_KEY]);
  if (text === undefined) return [];
  let fields: Readonly<Record<string, unknown>> | undefined;
  try {
    fields = recordValue(parseYaml11(text).toJS());
  } catch (error) {
    return [`the volumes of monitoring aren't included: ${CONFIG_KEY} can't be read: ${reasonOf(error)}`];
  }
  return [...PODS].flatMap(([field, name]) => {
    const claim = recordValue(recordValue(fields?.[field])?.volumeClaimTemplate);
    return claim === undefined
      ? []
      : [claimCharge(recordValue(claim.spec), { name, count: cluster.pods, defaultClass: cluster.defaultClass })];
  });
}
