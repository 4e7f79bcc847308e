import { longestGapMinutes } from "../../config/cron";
import { type BackupSchedule, VELERO_NAMESPACE } from "../../config/velero/settings";
import type { ApiObject } from "../object";
import { serviceAccountSubject } from "../service-account";
import { inVelero, LOCATION, METRICS_PORT, VELERO } from "./names";

/** Minutes after which a backup that is due counts as missing: the time that a large backup takes. This project's choice. */
const LATE_MINUTES = 120;

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

/** Alerts on Velero's metrics (vmware-tanzu/velero, `pkg/metrics/metrics.go`, release-1.18). They count scheduled backups only. */
export function veleroAlerts(schedules: readonly BackupSchedule[]): ApiObject {
  const logs = `\`oc logs -n ${VELERO_NAMESPACE} deployment/${VELERO}\` shows the reason.`;
  const rules = [
    alert("VeleroBackupFailed", "warning", grown("backup_failure_total", "backup_validation_failure_total"), "0m", {
      summary: "A backup of the cluster's objects has failed.",
      description: `A backup of the schedule {{ $labels.schedule }} has failed in the last day. ${logs}`,
    }),
    alert("VeleroBackupPartiallyFailed", "warning", grown("backup_partial_failure_total"), "0m", {
      summary: "A backup of the cluster's objects is incomplete.",
      description: `A backup of the schedule {{ $labels.schedule }} lacks objects. ${logs}`,
    }),
    alert("VeleroLocationUnavailable", "critical", `velero_backup_location_status_gauge{backup_location_name="${LOCATION}"} == 0`, "15m", {
      summary: "Velero cannot use the bucket with the backups.",
      description: `\`oc get backupstoragelocation -n ${VELERO_NAMESPACE} ${LOCATION} -o yaml\` shows the reason.`,
    }),
    alert("VeleroUnknown", "critical", `absent(velero_backup_location_status_gauge)`, "30m", {
      summary: "The state of the backups of the cluster's objects is unknown.",
      description: "Prometheus gets no metrics from Velero, so maybe no backups are made.",
    }),
    ...schedules.map(missed),
  ];
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: inVelero("okd-aws-velero"),
    spec: { groups: [{ name: "okd-aws-velero", rules }] },
  };
}

/**
 * Fires if the last successful backup of a schedule is older than the schedule's longest gap, or if there is none: Velero has the time only of
 * backups that exist (vmware-tanzu/velero, `pkg/controller/backup_controller.go`: getLastSuccessBySchedule, v1.18.3). After a start of its
 * pod the times come after a minute.
 */
function missed({ name, cron }: BackupSchedule): object {
  const last = `velero_backup_last_successful_timestamp{schedule="${name}"}`;
  const seconds = (longestGapMinutes(cron) + LATE_MINUTES) * 60;
  return alert("VeleroBackupMissed", "critical", `time() - ${last} > ${seconds} or absent(${last})`, "30m", {
    summary: "A scheduled backup of the cluster's objects is missing.",
    description: `The last successful backup of the schedule {{ $labels.schedule }} is older than the schedule allows, or does not exist. \`oc get backups.velero.io -n ${VELERO_NAMESPACE}\` lists the backups.`,
  });
}

/** An expression for counters of scheduled backups that have grown in the last day. */
function grown(...counters: readonly string[]): string {
  return counters.map((counter) => `sum by (schedule) (increase(velero_${counter}{schedule!=""}[1d])) > 0`).join(" or ");
}

function alert(
  name: string,
  severity: string,
  expr: string,
  wait: string,
  annotations: { readonly summary: string; readonly description: string },
): object {
  return { alert: name, expr, for: wait, labels: { severity, namespace: VELERO_NAMESPACE }, annotations };
}
