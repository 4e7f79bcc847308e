import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { METRICS_PORT, VELERO, VELERO_POD } from "./names";

/**
 * Metrics for the platform's Prometheus: a Service, its monitor, the right of Prometheus to find the Service's pods (as the operators of
 * the release have it: openshift/cluster-etcd-operator, `manifests/0000_90_etcd-operator_01_prometheusrole.yaml`, release-4.19), and a
 * network policy that lets only Prometheus connect to Velero's pod.
 */
export function veleroMetrics(
  namespace: string,
): Readonly<Record<"service" | "monitor" | "prometheus-role" | "prometheus-binding" | "network-policy", ApiObject>> {
  const labels = { "app.kubernetes.io/name": `okd-aws-${VELERO}` };
  const metadata = { name: `okd-aws-${VELERO}`, namespace };
  const prometheus = { name: "prometheus-k8s", namespace };
  const monitoring = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-monitoring" } } };
  return {
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata, labels },
      spec: { selector: VELERO_POD, ports: [{ name: "metrics", port: METRICS_PORT, targetPort: METRICS_PORT }] },
    },
    monitor: {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata,
      spec: { selector: { matchLabels: labels }, endpoints: [{ port: "metrics", interval: "30s" }] },
    },
    "prometheus-role": {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: prometheus,
      rules: [
        { apiGroups: [""], resources: ["services", "endpoints", "pods"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
      ],
    },
    "prometheus-binding": {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: prometheus,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: prometheus.name },
      subjects: [serviceAccountSubject("openshift-monitoring/prometheus-k8s")],
    },
    "network-policy": {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: {
        podSelector: { matchLabels: VELERO_POD },
        policyTypes: ["Ingress"],
        ingress: [{ from: [monitoring], ports: [{ protocol: "TCP", port: METRICS_PORT }] }],
      },
    },
  };
}
