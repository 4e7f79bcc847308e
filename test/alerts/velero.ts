import { veleroAlerts } from "../../cluster-objects/velero/alerts";
import { Secret } from "../../config/secret";
import type { BackupSchedule } from "../../config/velero/settings";
import type { AlertCase, RuleCases } from "./alert-case";

const schedule = (name: string): BackupSchedule => ({
  name,
  cron: "@daily",
  retentionDays: 30,
  includedNamespaces: [],
  excludedNamespaces: [],
  clusterResources: true,
  volumes: false,
  fileSystemBackup: false,
});
const schedules = [schedule("daily"), schedule("shop")];
const file = "cluster-objects/velero/alerts.ts";
const gauge = (name: string) => `velero_backup_location_status_gauge{backup_location_name="${name}"}`;
const location = gauge("default");
const last = 'velero_backup_last_successful_timestamp{schedule="daily"}';
const other = { 'velero_backup_last_successful_timestamp{schedule="shop"}': "86400x2000" };

/** The cases of the alerts on backups. */
function backupCases(namespace: string): AlertCase[] {
  const logs = `\`oc logs -n ${namespace} deployment/velero\` shows the reason.`;
  const fires = (severity: string, description: string) => [{ labels: { severity, namespace, schedule: "daily" }, description }];
  const missing = fires(
    "critical",
    `The last successful backup of the schedule daily is older than the schedule allows, or does not exist. \`oc get backups.velero.io -n ${namespace}\` lists the backups.`,
  );
  return [
    ...(["backup_failure_total", "backup_validation_failure_total"] as const).map((counter) => ({
      alert: "VeleroBackupFailed",
      situation: `${counter} of a schedule has grown, for example because the bucket is missing`,
      series: { [`velero_${counter}{schedule="daily"}`]: "0x10 1x20" },
      at: "20m",
      fires: fires("warning", `A backup of the schedule daily has failed in the last day. ${logs}`),
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
      fires: fires("warning", `A backup of the schedule daily lacks objects. ${logs}`),
    },
    {
      alert: "VeleroBackupPartiallyFailed",
      situation: "no further backup is incomplete",
      series: { 'velero_backup_partial_failure_total{schedule="daily"}': "1x30" },
      at: "20m",
      fires: [],
    },
    {
      alert: "VeleroBackupMissed",
      situation: "the last backup of one schedule is older than a day and two hours",
      series: { [last]: "0x2000", ...other },
      at: "1591m",
      fires: missing,
    },
    { alert: "VeleroBackupMissed", situation: "one schedule has no backup", series: other, at: "31m", fires: missing },
    {
      alert: "VeleroBackupMissed",
      situation: "the last backup is half a day old",
      series: { [last]: "43200x2000", ...other },
      at: "1591m",
      fires: [],
    },
  ];
}

/** The cases of the alert on the node agent. */
function nodeAgentCases(namespace: string): AlertCase[] {
  const pods = `{namespace="${namespace}",daemonset="node-agent"}`;
  const series = (ready: string) => ({
    [`kube_daemonset_status_desired_number_scheduled${pods}`]: "6x40",
    [`kube_daemonset_status_number_ready${pods}`]: ready,
  });
  const description = `The backups lack the files of volumes on 1 nodes, and nothing restores files there. \`oc get pods -n ${namespace} -l name=node-agent -o wide\` lists the node agent's pods.`;
  const labels = { severity: "warning", namespace, daemonset: "node-agent" };
  const alert = "VeleroNodeAgentMissing";
  return [
    {
      alert,
      situation: "the agent is missing on a node for half an hour",
      series: series("5x40"),
      at: "31m",
      fires: [{ labels, description }],
    },
    { alert, situation: "the agent runs on every node again", series: series("5x20 6x20"), at: "31m", fires: [] },
  ];
}

const repositoryPassword = new Secret("only-in-this-test");
const maintenance = 'velero_repo_maintenance_failure_total{repository_name="shop-default-kopia"}';
const maintenanceFailed = {
  labels: { severity: "warning", namespace: "velero", repository_name: "shop-default-kopia" },
  description:
    "Files of deleted backups stay in the bucket. `oc get jobs -n velero -l velero.io/repo-name=shop-default-kopia` lists the jobs of the last maintenances.",
};

const namespace = "velero";
const prod = { name: "prod", bucket: "prod-velero", region: "us-east-1" };
const unavailable = (name: string) => ({
  labels: { severity: "critical", namespace, backup_location_name: name },
  description: `\`oc get backupstoragelocation -n velero ${name} -o yaml\` shows the reason.`,
});

export const veleroCases: RuleCases = {
  file,
  rule: veleroAlerts({ namespace, schedules, readOnlyLocations: [prod], locationMetric: true, repositoryPassword }),
  cases: [
    ...backupCases(namespace),
    ...nodeAgentCases(namespace),
    {
      alert: "VeleroMaintenanceFailed",
      situation: "the first maintenance of a repository has failed",
      series: { [maintenance]: "_x10 1x20" },
      at: "20m",
      fires: [maintenanceFailed],
    },
    {
      alert: "VeleroMaintenanceFailed",
      situation: "a further maintenance has failed",
      series: { [maintenance]: "1x1500 2x20" },
      at: "1510m",
      fires: [maintenanceFailed],
    },
    {
      alert: "VeleroMaintenanceFailed",
      situation: "the last failure is older than a day",
      series: { [maintenance]: "1x3000" },
      at: "1510m",
      fires: [],
    },
    {
      alert: "VeleroLocationUnavailable",
      situation: "Velero has not reached the bucket for 15 minutes",
      series: { [location]: "0x20" },
      at: "16m",
      fires: [unavailable("default")],
    },
    {
      alert: "VeleroLocationUnavailable",
      situation: "Velero has not reached the bucket of another cluster, and a bucket that the program does not know",
      series: { [location]: "1x20", [gauge("prod")]: "0x20", [gauge("prod-2")]: "0x20" },
      at: "16m",
      fires: [unavailable("prod")],
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
  ],
};

const older = "openshift-adp";

/** The alerts for an older version of Velero, which has no metric of its locations. */
export const olderVeleroCases: RuleCases = {
  file,
  rule: veleroAlerts({ namespace: older, schedules, readOnlyLocations: [prod], locationMetric: false, repositoryPassword }),
  cases: [
    ...backupCases(older),
    ...nodeAgentCases(older),
    {
      alert: "VeleroUnknown",
      situation: "Velero has reported nothing for 30 minutes",
      series: other,
      at: "31m",
      fires: [{ labels: { severity: "critical", namespace: older } }],
    },
    {
      alert: "VeleroUnknown",
      situation: "Velero reports that it has no backup",
      series: { velero_backup_total: "0x40" },
      at: "31m",
      fires: [],
    },
  ],
};
