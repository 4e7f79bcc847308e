import { type Placement, servicePlacement } from "../machines/settings";
import { type RemoteWrite, remoteWrites } from "../remote-write/settings";
import type { Settings } from "../schema";

/**
 * Pods of Prometheus and of Alertmanager, which never share a node (openshift/cluster-monitoring-operator,
 * `assets/{prometheus-k8s/prometheus,alertmanager/alertmanager}.yaml`, release-4.14 to release-4.22). A cluster with one node has one of each.
 */
export const PROMETHEUS_PODS = 2;

/** A volume of each pod. */
export interface MonitoringVolume {
  readonly gib: number;
  /** If undefined, the cluster's default class. */
  readonly storageClass?: string;
}

/** Settings of a Prometheus; undefined fields are the cluster's defaults. */
export interface PrometheusConfiguration {
  readonly retention?: string;
  readonly retentionSize?: string;
  readonly volume?: MonitoringVolume;
}

/** Settings of the cluster's monitoring. */
export interface MonitoringConfiguration {
  readonly prometheus: PrometheusConfiguration;
  readonly alertmanagerVolume?: MonitoringVolume;
  readonly placement?: Placement;
  /** Systems that get the platform's metrics; undefined if there are none. */
  readonly remoteWrites?: readonly RemoteWrite[];
  /** Settings of the Prometheus for the users' projects; undefined if it is off. */
  readonly userWorkload?: PrometheusConfiguration;
}

/** The settings of the cluster's monitoring; undefined if no key is set. */
export function monitoring(settings: Settings): MonitoringConfiguration | undefined {
  const volume = (gib: number): MonitoringVolume | undefined =>
    gib === 0 ? undefined : { gib, ...(settings.monitoringStorageClass !== "" && { storageClass: settings.monitoringStorageClass }) };
  const prometheus = prometheusOf(settings.monitoringRetention, volume(settings.prometheusVolumeGib), settings.monitoringRetentionSize);
  const alertmanagerVolume = volume(settings.alertmanagerVolumeGib);
  const placement = settings.monitoringOnInfraNodes ? servicePlacement(settings, PROMETHEUS_PODS) : undefined;
  const userWorkload = settings.userWorkloadMonitoring
    ? prometheusOf(settings.userWorkloadRetention, volume(settings.userWorkloadVolumeGib))
    : undefined;
  const targets = remoteWrites(settings);
  const others = {
    ...(targets.length > 0 && { remoteWrites: targets }),
    ...(alertmanagerVolume && { alertmanagerVolume }),
    ...(placement && { placement }),
    ...(userWorkload && { userWorkload }),
  };
  return Object.keys({ ...prometheus, ...others }).length > 0 ? { prometheus, ...others } : undefined;
}

function prometheusOf(retention: string, volume: MonitoringVolume | undefined, retentionSize = ""): PrometheusConfiguration {
  return { ...(retention !== "" && { retention }), ...(retentionSize !== "" && { retentionSize }), ...(volume && { volume }) };
}
