/** A metric that an expression of an alert or a dashboard uses. */
export interface MetricFact {
  readonly name: string;
  /** Labels that the component itself sets; Prometheus adds TARGET_LABELS. */
  readonly labels: readonly string[];
  readonly component: string;
  /** The file that defines the metric, in `repository` or, without one, in this project. */
  readonly path: string;
  readonly repository?: string;
  /** The branches of `repository` in which the metric and its labels were found. */
  readonly branches?: string;
}

const releases = "release-4.14 to release-4.22";
const ownMetrics = {
  component: "node-exporter, with the file that each control plane node writes",
  path: "ignition/etcd-backup/scripts/backup.sh",
};
const kubeStateMetrics = { component: "kube-state-metrics", repository: "openshift/kube-state-metrics", branches: releases };
const deployments = { ...kubeStateMetrics, path: "internal/store/deployment.go" };
const nodes = { ...kubeStateMetrics, path: "internal/store/node.go" };
const pods = { ...kubeStateMetrics, path: "internal/store/pod.go" };
const versionOperator = {
  component: "cluster version operator",
  repository: "openshift/cluster-version-operator",
  path: "pkg/cvo/metrics.go",
  branches: releases,
};
// The labels and the intervals of these components come from openshift/cluster-monitoring-operator, `assets/{node-exporter,control-plane}/`.
const nodeExporter = { component: "node-exporter", repository: "prometheus/node_exporter", branches: "main" };
const volumeStats = {
  component: "kubelet",
  repository: "kubernetes/kubernetes",
  path: "pkg/kubelet/metrics/metrics.go",
  branches: "v1.33.13",
  labels: ["namespace", "persistentvolumeclaim"],
};
// Each etcd server's own metrics; Prometheus adds the job `etcd` (openshift/cluster-etcd-operator,
// `manifests/0000_90_etcd-operator_03_servicemonitor.yaml`).
const etcd = { component: "etcd", repository: "etcd-io/etcd", branches: "v3.6.6", labels: [] };
/** Metrics of a router. Only metrics that a router exports by default are used (defaultSelectedMetrics in the same file). */
const router = {
  component: "router",
  repository: "openshift/router",
  path: "pkg/router/metrics/haproxy/haproxy.go",
  branches: "release-4.19",
};
const collector = {
  component: "collector of OpenShift Logging (Vector)",
  repository: "openshift/cluster-logging-operator",
  path: "internal/metrics/dashboard/openshift-logging-dashboard.json",
  branches: "release-6.4",
};
const loki = { component: "Loki", repository: "openshift/loki", branches: "main" };

/** Labels that Prometheus adds to the series of each target. */
export const TARGET_LABELS: readonly string[] = ["namespace", "job", "pod", "instance"];

const velero = {
  component: "Velero",
  repository: "vmware-tanzu/velero",
  path: "pkg/metrics/metrics.go",
  branches: "v1.18.3, and those of OADP: release-1.14, release-1.16, release-1.18",
};
const statefulSets = { ...kubeStateMetrics, path: "internal/store/statefulset.go" };
const daemonSets = { ...kubeStateMetrics, path: "internal/store/daemonset.go" };
const volumes = {
  component: "kubelet",
  repository: "kubernetes/kubernetes",
  path: "pkg/kubelet/metrics/collectors/volume_stats.go",
  branches: "release-1.27 to release-1.35",
};

/** The metrics that alerts and dashboards may use. */
export const metricFacts: readonly MetricFact[] = [
  { ...velero, name: "velero_backup_failure_total", labels: ["schedule"] },
  { ...velero, name: "velero_backup_validation_failure_total", labels: ["schedule"] },
  { ...velero, name: "velero_backup_partial_failure_total", labels: ["schedule"] },
  { ...velero, name: "velero_backup_location_status_gauge", labels: ["backup_location_name"], branches: "v1.18.3, release-1.18" },
  { ...velero, name: "velero_backup_total", labels: [] },
  { ...velero, name: "velero_repo_maintenance_failure_total", labels: ["repository_name"], branches: "v1.18.3, release-1.18" },
  { ...velero, name: "velero_backup_last_successful_timestamp", labels: ["schedule"] },
  { ...ownMetrics, name: "okd_etcd_backup_failed", labels: [] },
  { ...ownMetrics, name: "okd_etcd_backup_due_timestamp_seconds", labels: [] },
  { ...kubeStateMetrics, name: "kube_lease_renew_time", labels: ["namespace", "lease"], path: "internal/store/lease.go" },
  // openshift/cluster-monitoring-operator does not exclude these metrics in these releases (`assets/kube-state-metrics/deployment.yaml`,
  // --metric-denylist). The minimal collection profile has only the first two (`assets/kube-state-metrics/minimal-service-monitor.yaml`).
  { ...deployments, name: "kube_deployment_spec_replicas", labels: ["namespace", "deployment"] },
  { ...deployments, name: "kube_deployment_status_replicas_available", labels: ["namespace", "deployment"] },
  { ...deployments, name: "kube_deployment_status_condition", labels: ["namespace", "deployment", "condition", "status"] },
  { ...statefulSets, name: "kube_statefulset_replicas", labels: ["namespace", "statefulset"] },
  { ...statefulSets, name: "kube_statefulset_status_replicas_ready", labels: ["namespace", "statefulset"] },
  { ...daemonSets, name: "kube_daemonset_status_number_ready", labels: ["namespace", "daemonset"] },
  { ...daemonSets, name: "kube_daemonset_status_desired_number_scheduled", labels: ["namespace", "daemonset"] },
  { ...volumes, name: "kubelet_volume_stats_available_bytes", labels: ["namespace", "persistentvolumeclaim"] },
  { ...volumes, name: "kubelet_volume_stats_capacity_bytes", labels: ["namespace", "persistentvolumeclaim"] },
  {
    ...kubeStateMetrics,
    name: "kube_certificatesigningrequest_condition",
    labels: ["certificatesigningrequest", "signer_name", "condition"],
    path: "internal/store/certificatesigningrequest.go",
  },
  { ...versionOperator, name: "cluster_version", labels: ["type", "version", "image", "from_version"] },
  { ...versionOperator, name: "cluster_operator_up", labels: ["name", "version", "reason"] },
  { ...versionOperator, name: "cluster_operator_conditions", labels: ["name", "condition", "reason"] },
  {
    name: "ALERTS",
    labels: ["alertname", "alertstate", "severity"],
    component: "Prometheus",
    repository: "prometheus/prometheus",
    path: "rules/alerting.go",
    branches: "main",
  },
  { ...nodes, name: "kube_node_info", labels: ["node"] },
  { ...nodes, name: "kube_node_spec_unschedulable", labels: ["node"] },
  { ...nodes, name: "kube_node_status_allocatable", labels: ["node", "resource", "unit"] },
  { ...nodes, name: "kube_node_status_condition", labels: ["node", "condition", "status"] },
  { ...pods, name: "kube_pod_info", labels: ["namespace", "pod", "node"] },
  { ...pods, name: "kube_pod_status_phase", labels: ["namespace", "pod", "phase"] },
  { ...pods, name: "kube_pod_container_resource_requests", labels: ["namespace", "pod", "container", "node", "resource", "unit"] },
  { ...nodeExporter, name: "node_cpu_seconds_total", labels: ["cpu", "mode"], path: "collector/cpu_common.go" },
  { ...nodeExporter, name: "node_memory_MemAvailable_bytes", labels: [], path: "collector/meminfo.go" },
  { ...nodeExporter, name: "node_memory_MemTotal_bytes", labels: [], path: "collector/meminfo.go" },
  { ...volumeStats, name: "kubelet_volume_stats_used_bytes" },
  { ...volumeStats, name: "kubelet_volume_stats_capacity_bytes" },
  { ...etcd, name: "etcd_server_has_leader", path: "server/etcdserver/metrics.go" },
  { ...etcd, name: "etcd_server_leader_changes_seen_total", path: "server/etcdserver/metrics.go" },
  { ...etcd, name: "etcd_server_proposals_failed_total", path: "server/etcdserver/metrics.go" },
  { ...etcd, name: "etcd_server_quota_backend_bytes", path: "server/storage/metrics.go" },
  { ...etcd, name: "etcd_disk_wal_fsync_duration_seconds_bucket", path: "server/storage/wal/metrics.go", labels: ["le"] },
  { ...etcd, name: "etcd_disk_backend_commit_duration_seconds_bucket", path: "server/storage/backend/metrics.go", labels: ["le"] },
  {
    ...etcd,
    name: "etcd_network_peer_round_trip_time_seconds_bucket",
    path: "server/etcdserver/api/rafthttp/metrics.go",
    labels: ["To", "le"],
  },
  { ...etcd, name: "etcd_mvcc_db_total_size_in_bytes", path: "server/storage/mvcc/metrics.go" },
  { ...etcd, name: "etcd_mvcc_db_total_size_in_use_in_bytes", path: "server/storage/mvcc/metrics.go" },
  // One series for each target: 1 if the target answers, otherwise 0.
  { name: "up", labels: [], component: "Prometheus", repository: "prometheus/prometheus", path: "scrape/scrape.go", branches: "main" },
  { ...router, name: "haproxy_frontend_http_responses_total", labels: ["frontend", "code"] },
  { ...router, name: "haproxy_frontend_current_sessions", labels: ["frontend"] },
  { ...router, name: "haproxy_frontend_bytes_out_total", labels: ["frontend"] },
  { ...collector, name: "vector_component_received_bytes_total", labels: ["component_id", "component_kind", "component_type"] },
  { ...collector, name: "vector_component_sent_bytes_total", labels: ["component_id", "component_kind", "component_type"] },
  { ...collector, name: "vector_component_errors_total", labels: ["component_id", "component_kind", "component_type"] },
  { ...collector, name: "vector_buffer_byte_size", labels: ["component_id", "component_kind", "buffer_type"] },
  { ...loki, name: "loki_distributor_bytes_received_total", path: "pkg/loghttp/push/push.go", labels: ["tenant"] },
  { ...loki, name: "loki_discarded_bytes_total", path: "pkg/validation/validate.go", labels: ["reason", "tenant"] },
  // Up to release-4.18, and in 4.19 and 4.20 until November 2025, a router has no series until its status changes
  // (`pkg/operator/controller/ingress/status.go`, syncIngressControllerStatus; OCPBUGS-61508).
  {
    name: "ingress_controller_conditions",
    labels: ["name", "condition"],
    component: "ingress operator",
    repository: "openshift/cluster-ingress-operator",
    path: "pkg/operator/controller/ingress/metrics.go",
    branches: releases,
  },
];
