import { longestGapMinutes } from "../../config/cron";
import { OWN_LOCATION } from "../../config/velero/fields";
import type { BackupSchedule, VeleroConfiguration } from "../../config/velero/settings";
import { type Alert, prometheusRule } from "../alerts/prometheus-rule";
import type { ApiObject } from "../object";
import { VELERO } from "./names";
import { nodeAgentAlerts } from "./node-agent-alerts";

/** Minutes after which a backup that is due counts as missing: the time that a large backup takes. This project's choice. */
const LATE_MINUTES = 120;

/** The settings on which the alerts depend. */
export type AlertSettings = Pick<
  VeleroConfiguration,
  "namespace" | "schedules" | "readOnlyLocations" | "locationMetric" | "repositoryPassword"
>;

/**
 * Alerts on Velero's metrics (vmware-tanzu/velero, `pkg/metrics/metrics.go`, release-1.18). The alerts consider only scheduled backups. An
 * older Velero does not report the state of its locations, so there is no alert on an unavailable location: the next backup fails, and
 * there is an alert on failed backups.
 */
export function veleroAlerts({ namespace, schedules, readOnlyLocations, locationMetric, repositoryPassword }: AlertSettings): ApiObject {
  const logs = `\`oc logs -n ${namespace} deployment/${VELERO}\` shows the reason.`;
  const locations = [OWN_LOCATION, ...readOnlyLocations.map(({ name }) => name)];
  const unavailable: Alert = {
    name: "VeleroLocationUnavailable",
    severity: "critical",
    namespace,
    expression: `velero_backup_location_status_gauge{backup_location_name=~"${locations.join("|")}"} == 0`,
    wait: "15m",
    summary: "Velero cannot use the bucket with the backups.",
    description: `\`oc get backupstoragelocation -n ${namespace} {{ $labels.backup_location_name }} -o yaml\` shows the reason.`,
  };
  return prometheusRule("okd-aws-velero", namespace, [
    {
      name: "VeleroBackupFailed",
      severity: "warning",
      namespace,
      expression: grown("backup_failure_total", "backup_validation_failure_total"),
      wait: "0m",
      summary: "A backup of the cluster's objects has failed.",
      description: `A backup of the schedule {{ $labels.schedule }} has failed in the last day. ${logs}`,
    },
    {
      name: "VeleroBackupPartiallyFailed",
      severity: "warning",
      namespace,
      expression: grown("backup_partial_failure_total"),
      wait: "0m",
      summary: "A backup of the cluster's objects is incomplete.",
      description: `A backup of the schedule {{ $labels.schedule }} lacks objects. ${logs}`,
    },
    ...(locationMetric ? [unavailable] : []),
    {
      name: "VeleroUnknown",
      severity: "critical",
      namespace,
      // The metric of the number of backups has no labels, so every version of Velero reports it from its start on.
      expression: locationMetric ? "absent(velero_backup_location_status_gauge)" : "absent(velero_backup_total)",
      wait: "30m",
      summary: "The state of the backups of the cluster's objects is unknown.",
      description: "Prometheus gets no metrics from Velero, so maybe no backups are made.",
    },
    ...schedules.map((schedule) => missed(schedule, namespace)),
    // Velero reports its locations and its maintenance since the same version.
    ...(repositoryPassword ? nodeAgentAlerts(namespace, locationMetric) : []),
  ]);
}

/**
 * Fires if the last successful backup of a schedule is older than the schedule's longest gap, or if there is no such backup: Velero reports
 * the time only for backups that exist (vmware-tanzu/velero, `pkg/controller/backup_controller.go`: getLastSuccessBySchedule, v1.18.3).
 * Velero reports the times one minute after its pod has started.
 */
function missed({ name, cron }: BackupSchedule, namespace: string): Alert {
  const last = `velero_backup_last_successful_timestamp{schedule="${name}"}`;
  const seconds = (longestGapMinutes(cron) + LATE_MINUTES) * 60;
  return {
    name: "VeleroBackupMissed",
    severity: "critical",
    namespace,
    // The alerts of all schedules have the same name. promtool refuses two rules with the same name and the same labels.
    labels: { schedule: name },
    expression: `time() - ${last} > ${seconds} or absent(${last})`,
    wait: "30m",
    summary: "A scheduled backup of the cluster's objects is missing.",
    description: `The last successful backup of the schedule {{ $labels.schedule }} is older than the schedule allows, or does not exist. \`oc get backups.velero.io -n ${namespace}\` lists the backups.`,
  };
}

/** A PromQL expression that is true for a schedule if one of these counters of its backups has grown in the last day. */
function grown(...counters: readonly string[]): string {
  return counters.map((counter) => `sum by (schedule) (increase(velero_${counter}{schedule!=""}[1d])) > 0`).join(" or ");
}
