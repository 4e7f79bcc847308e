import type { ApiObject } from "./object";

/** The label with which the cluster's Prometheus collects metrics and alerts of a namespace (openshift/cluster-monitoring-operator, `assets/prometheus-k8s/prometheus.yaml`, release-4.19). */
export const MONITORED = { "openshift.io/cluster-monitoring": "true" } as const;

/** Sets only the label MONITORED, and the given annotations, on a namespace. The namespace itself is created by its operator's entry in `operators`. */
export function monitoredNamespace(name: string, annotations?: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: MONITORED, ...(annotations && { annotations }) } };
}
