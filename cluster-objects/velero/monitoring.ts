import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { inVelero, METRICS_PORT, VELERO } from "./names";

/**
 * Metrics for the platform's Prometheus: a Service, its monitor, and the right of Prometheus to find the Service's pods (as the operators of
 * the release have it: openshift/cluster-etcd-operator, `manifests/0000_90_etcd-operator_01_prometheusrole.yaml`, release-4.19).
 */
export function veleroMetrics(): Readonly<Record<"service" | "monitor" | "role" | "binding", ApiObject>> {
  const labels = { "app.kubernetes.io/name": VELERO };
  const prometheus = inVelero("prometheus-k8s");
  return {
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...inVelero(VELERO), labels },
      spec: { selector: { deploy: VELERO }, ports: [{ name: "metrics", port: METRICS_PORT, targetPort: METRICS_PORT }] },
    },
    monitor: {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: inVelero(VELERO),
      spec: { selector: { matchLabels: labels }, endpoints: [{ port: "metrics", interval: "30s" }] },
    },
    role: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: prometheus,
      rules: [
        { apiGroups: [""], resources: ["services", "endpoints", "pods"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
      ],
    },
    binding: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: prometheus,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: prometheus.name },
      subjects: [serviceAccountSubject("openshift-monitoring/prometheus-k8s")],
    },
  };
}
