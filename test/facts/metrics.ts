/** A metric that an expression of an alert uses. */
export interface MetricFact {
  readonly name: string;
  /** Labels of the component itself. */
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

/** The metrics that alerts may use. */
export const metricFacts: readonly MetricFact[] = [
  { ...velero, name: "velero_backup_failure_total", labels: ["schedule"] },
  { ...velero, name: "velero_backup_validation_failure_total", labels: ["schedule"] },
  { ...velero, name: "velero_backup_partial_failure_total", labels: ["schedule"] },
  { ...velero, name: "velero_backup_location_status_gauge", labels: ["backup_location_name"], branches: "v1.18.3, release-1.18" },
  { ...velero, name: "velero_backup_total", labels: [] },
  { ...velero, name: "velero_backup_last_successful_timestamp", labels: ["schedule"] },
  { ...ownMetrics, name: "okd_etcd_backup_failed", labels: [] },
  { ...ownMetrics, name: "okd_etcd_backup_due_timestamp_seconds", labels: [] },
  { ...kubeStateMetrics, name: "kube_lease_renew_time", labels: ["namespace", "lease"], path: "internal/store/lease.go" },
  // openshift/cluster-monitoring-operator excludes none of them in the same releases (`assets/kube-state-metrics/deployment.yaml`,
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
  {
    name: "cluster_version",
    labels: ["type", "version", "image", "from_version"],
    component: "cluster version operator",
    repository: "openshift/cluster-version-operator",
    path: "pkg/cvo/metrics.go",
    branches: releases,
  },
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
