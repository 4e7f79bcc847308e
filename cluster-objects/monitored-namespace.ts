import type { ApiObject } from "./object";

/** The label with which the cluster's Prometheus collects metrics and alerts of a namespace (openshift/cluster-monitoring-operator, `assets/prometheus-k8s/prometheus.yaml`, release-4.19). */
export const MONITORED = { "openshift.io/cluster-monitoring": "true" } as const;

/** The label for a namespace that an operator's entry in `operators` creates. */
export function monitoredNamespace(name: string): ApiObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: MONITORED } };
}
