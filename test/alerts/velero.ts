import { veleroAlerts } from "../../cluster-objects/velero/alerts";
import type { BackupSchedule } from "../../config/velero/settings";
import type { RuleCases } from "./alert-case";

const schedule = (name: string): BackupSchedule => ({
  name,
  cron: "@daily",
  retentionDays: 30,
  includedNamespaces: [],
  excludedNamespaces: [],
  clusterResources: true,
  volumes: false,
});
const namespace = "velero";
const location = 'velero_backup_location_status_gauge{backup_location_name="default"}';
const last = 'velero_backup_last_successful_timestamp{schedule="daily"}';
const logs = "`oc logs -n velero deployment/velero` shows the reason.";
const missing = {
  labels: { severity: "critical", namespace, schedule: "daily" },
  description:
    "The last successful backup of the schedule daily is older than the schedule allows, or does not exist. `oc get backups.velero.io -n velero` lists the backups.",
};
const other = { 'velero_backup_last_successful_timestamp{schedule="shop"}': "86400x2000" };

export const veleroCases: RuleCases = {
  file: "cluster-objects/velero/alerts.ts",
  rule: veleroAlerts([schedule("daily"), schedule("shop")]),
  cases: [
    ...(["backup_failure_total", "backup_validation_failure_total"] as const).map((counter) => ({
      alert: "VeleroBackupFailed",
      situation: `${counter} of a schedule has grown`,
      series: { [`velero_${counter}{schedule="daily"}`]: "0x10 1x20" },
      at: "20m",
      fires: [
        {
          labels: { severity: "warning", namespace, schedule: "daily" },
          description: `A backup of the schedule daily has failed in the last day. ${logs}`,
        },
      ],
    })),
    {
      alert: "VeleroBackupFailed",
      situation: "a backup without a schedule has failed",
      series: { 'velero_backup_failure_total{schedule=""}': "0x10 1x20", 'velero_backup_failure_total{schedule="daily"}': "1x30" },
      at: "20m",
      fires: [],
    },
    {
      alert: "VeleroBackupPartiallyFailed",
      situation: "a backup lacks objects",
      series: { 'velero_backup_partial_failure_total{schedule="daily"}': "0x10 1x20" },
      at: "20m",
      fires: [
        {
          labels: { severity: "warning", namespace, schedule: "daily" },
          description: `A backup of the schedule daily lacks objects. ${logs}`,
        },
      ],
    },
    {
      alert: "VeleroBackupPartiallyFailed",
      situation: "no further backup is incomplete",
      series: { 'velero_backup_partial_failure_total{schedule="daily"}': "1x30" },
      at: "20m",
      fires: [],
    },
    {
      alert: "VeleroLocationUnavailable",
      situation: "Velero has not reached the bucket for 15 minutes",
      series: { [location]: "0x20" },
      at: "16m",
      fires: [{ labels: { severity: "critical", namespace, backup_location_name: "default" } }],
    },
    {
      alert: "VeleroLocationUnavailable",
      situation: "Velero reaches the bucket again within 15 minutes",
      series: { [location]: "0x10 1x10" },
      at: "16m",
      fires: [],
    },
    {
      alert: "VeleroUnknown",
      situation: "Velero has reported nothing for 30 minutes",
      series: other,
      at: "31m",
      fires: [{ labels: { severity: "critical", namespace } }],
    },
    { alert: "VeleroUnknown", situation: "Velero reports", series: { [location]: "1x40" }, at: "31m", fires: [] },
    {
      alert: "VeleroBackupMissed",
      situation: "the last backup of one schedule is older than a day and two hours",
      series: { [last]: "0x2000", ...other },
      at: "1591m",
      fires: [missing],
    },
    { alert: "VeleroBackupMissed", situation: "one schedule has no backup", series: other, at: "31m", fires: [missing] },
    {
      alert: "VeleroBackupMissed",
      situation: "the last backup is half a day old",
      series: { [last]: "43200x2000", ...other },
      at: "1591m",
      fires: [],
    },
  ],
};
