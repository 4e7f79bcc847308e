import type { ApiObject } from "../object";

/**
 * Seconds after a slot's time until a snapshot counts as missing: 15 minutes for the etcd leader, 15 for another node, and a margin of 30.
 */
const lateSeconds = 3600;

/**
 * Alerts on the metrics of the control plane nodes. The alerts are in the etcd operator's namespace, whose rules the cluster's own monitoring
 * reads (label `openshift.io/cluster-monitoring`). A backup counts as done if at least one node knows that the snapshot of the scheduled time
 * is stored.
 */
export function etcdBackupAlerts(): ApiObject {
  const alert = (name: string, severity: string, expression: string, wait: string, summary: string, description: string) => ({
    alert: name,
    expr: expression,
    for: wait,
    labels: { severity, namespace: "openshift-etcd" },
    annotations: { summary, description },
  });
  const where = "`journalctl --unit okd-etcd-backup` on the control plane nodes shows the reason.";
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "okd-aws-etcd-backup", namespace: "openshift-etcd" },
    spec: {
      groups: [
        {
          name: "okd-aws-etcd-backup",
          rules: [
            alert(
              "EtcdBackupFailed",
              "warning",
              "okd_etcd_backup_failed == 1",
              "10m",
              "A control plane node fails to back up etcd.",
              `The last backup attempt of {{ $labels.instance }} has failed. ${where}`,
            ),
            alert(
              "EtcdBackupMissed",
              "critical",
              `time() - max(okd_etcd_backup_due_timestamp_seconds) > ${lateSeconds}`,
              "5m",
              "No snapshot of etcd was stored in time.",
              `A scheduled backup has been due for more than an hour, and no control plane node knows of its snapshot. ${where}`,
            ),
            alert(
              "EtcdBackupUnknown",
              "critical",
              "absent(okd_etcd_backup_due_timestamp_seconds)",
              "1h",
              "The state of the etcd backups is unknown.",
              "No control plane node reports when a snapshot of etcd is due, so maybe no snapshots are taken at all. `systemctl list-timers 'okd-etcd-backup*'` on a control plane node shows whether the timers run.",
            ),
          ],
        },
      ],
    },
  };
}
