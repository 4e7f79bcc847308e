import { load } from "js-yaml";
import { CONFIG_KEY } from "../../../cluster-objects/monitoring/config-maps";
import { recordValue, type Resource, textValue } from "../../../lib/pulumi/resource";
import type { Charge, Charges } from "../charge";

/**
 * Fields of the two ConfigMaps of monitoring that set a volume, with the pods that get one (openshift/cluster-monitoring-operator, `assets`,
 * release-4.19). Both ConfigMaps are read for all fields, because no name is in both.
 */
const PODS: ReadonlyMap<string, string> = new Map([
  ["prometheusK8s", "Prometheus"],
  ["alertmanagerMain", "Alertmanager"],
  ["prometheus", "Prometheus of the users' projects"],
  ["alertmanager", "Alertmanager of the users' projects"],
  ["thanosRuler", "rules of the users' projects"],
]);

/** Storage classes of a cluster on AWS by volume type (openshift/csi-operator, `assets/overlays/aws-ebs/generated/standalone`, release-4.19). */
const CLASSES: ReadonlyMap<string, "gp2" | "gp3"> = new Map([
  ["gp3-csi", "gp3"],
  ["gp2-csi", "gp2"],
]);

/**
 * The volumes that the cluster creates for the pods of monitoring.
 *
 * @param pods number of pods of each kind: 2, or 1 in a cluster with one node.
 * @returns no charges for another ConfigMap.
 */
export function monitoringVolumeCharges({ inputs }: Resource, pods: number): Charges {
  const text = textValue(recordValue(inputs.data)?.[CONFIG_KEY]);
  if (text === undefined) return [];
  const fields = recordValue(load(text));
  return [...PODS].flatMap(([field, name]) => {
    const claim = recordValue(recordValue(fields?.[field])?.volumeClaimTemplate);
    return claim === undefined ? [] : [volumeOf(recordValue(claim.spec), name, pods)];
  });
}

function volumeOf(spec: Readonly<Record<string, unknown>> | undefined, name: string, count: number): Charge | string {
  const size = /^(\d+)Gi$/.exec(textValue(recordValue(recordValue(spec?.resources)?.requests)?.storage) ?? "");
  const storageClass = textValue(spec?.storageClassName) ?? "gp3-csi";
  const type = CLASSES.get(storageClass);
  if (size === null || type === undefined) return `the volumes of ${name} (storage class ${storageClass}) aren't included`;
  return { group: "Volumes", what: `Volumes of ${name}, ${type}`, price: `volume.${type}`, units: Number(size[1]), count };
}
