import type { MonitoringConfiguration, MonitoringVolume, PrometheusConfiguration } from "../../config/monitoring/settings";
import { isAtLeast, type Minor } from "../../config/releases/minor";
import { placementFields } from "../tolerations";
import { remoteWriteFields } from "./remote-write";

/** A ConfigMap whose key `config.yaml` configures a part of the cluster's monitoring. */
export interface MonitoringConfigMap {
  readonly name: string;
  readonly namespace: string;
}

/** Configures the monitoring of the platform. */
export const PLATFORM_CONFIG_MAP: MonitoringConfigMap = { name: "cluster-monitoring-config", namespace: "openshift-monitoring" };

/** Configures the monitoring of the users' projects. The namespace is part of every release. */
export const USER_CONFIG_MAP: MonitoringConfigMap = {
  name: "user-workload-monitoring-config",
  namespace: "openshift-user-workload-monitoring",
};

/** The key of both ConfigMaps. */
export const CONFIG_KEY = "config.yaml";

/** The platform's default retention (openshift/cluster-monitoring-operator, `pkg/manifests/config.go`, release-4.19). */
const DEFAULT_RETENTION = "15d";

/** Annotation of a ConfigMap: its text before this program changed it. */
export const ORIGINAL_ANNOTATION = "okd-aws/original-config";

/**
 * Fields of cluster-monitoring-config (openshift/cluster-monitoring-operator, `pkg/manifests/types.go`, release-4.14 to release-4.22). If
 * only a size is configured, Prometheus would have no time limit, so the default retention is set, too.
 */
export function platformMonitoring(
  { prometheus, alertmanagerVolume, placement, userWorkload, remoteWrites }: MonitoringConfiguration,
  minor: Minor,
): object {
  const place = placement && placementFields(placement);
  const prometheusK8s = {
    ...prometheusFields(prometheus),
    ...(remoteWrites && { remoteWrite: remoteWriteFields(remoteWrites) }),
    ...place,
  };
  const alertmanagerMain = { ...(alertmanagerVolume && volumeClaim(alertmanagerVolume)), ...place };
  return {
    ...(userWorkload && { enableUserWorkload: true }),
    ...(Object.keys(prometheusK8s).length > 0 && { prometheusK8s }),
    ...(Object.keys(alertmanagerMain).length > 0 && { alertmanagerMain }),
    ...(place && Object.fromEntries(placedComponents(minor).map((component) => [component, place]))),
  };
}

/** Fields of user-workload-monitoring-config. */
export function userWorkloadMonitoring({ userWorkload, placement }: MonitoringConfiguration): object {
  const place = placement && placementFields(placement);
  const prometheus = { ...(userWorkload && prometheusFields(userWorkload)), ...place };
  return {
    ...(Object.keys(prometheus).length > 0 && { prometheus }),
    ...(place && { alertmanager: place, prometheusOperator: place, thanosRuler: place }),
  };
}

/**
 * The components that have a node selector, apart from Prometheus and Alertmanager. The metrics server replaced the Prometheus adapter in
 * 4.16.
 */
function placedComponents(minor: Minor): string[] {
  const metrics = isAtLeast(minor, "4.16") ? "metricsServer" : "k8sPrometheusAdapter";
  return [
    metrics,
    "prometheusOperator",
    "kubeStateMetrics",
    "openshiftStateMetrics",
    "telemeterClient",
    "thanosQuerier",
    "monitoringPlugin",
  ];
}

function prometheusFields({ retention, retentionSize, volume }: PrometheusConfiguration): object {
  const time = retention ?? (retentionSize && DEFAULT_RETENTION);
  return { ...(time && { retention: time }), ...(retentionSize && { retentionSize }), ...(volume && volumeClaim(volume)) };
}

function volumeClaim({ gib, storageClass }: MonitoringVolume): object {
  const resources = { requests: { storage: `${gib}Gi` } };
  return { volumeClaimTemplate: { spec: { ...(storageClass && { storageClassName: storageClass }), resources } } };
}
