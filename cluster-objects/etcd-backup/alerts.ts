import { prometheusRule } from "../alerts/prometheus-rule";
import type { ApiObject } from "../object";

/**
 * Seconds after a slot's time until a snapshot counts as missing: 15 minutes for the etcd leader, 15 minutes for another node, and a margin
 * of 30 minutes.
 */
const lateSeconds = 3600;

/**
 * Alerts on the metrics of the control plane nodes. The alerts are in the etcd operator's namespace, whose rules the cluster's own monitoring
 * reads (label `openshift.io/cluster-monitoring`). A backup counts as done if at least one node knows that the snapshot of the scheduled time
 * is stored.
 */
export function etcdBackupAlerts(): ApiObject {
  const where = "`journalctl --unit okd-etcd-backup` on the control plane nodes shows the reason.";
  const namespace = "openshift-etcd";
  return prometheusRule("okd-aws-etcd-backup", namespace, [
    {
      name: "EtcdBackupFailed",
      severity: "warning",
      namespace,
      expression: "okd_etcd_backup_failed == 1",
      wait: "10m",
      summary: "A control plane node fails to back up etcd.",
      description: `The last backup attempt of {{ $labels.instance }} has failed. ${where}`,
    },
    {
      name: "EtcdBackupMissed",
      severity: "critical",
      namespace,
      expression: `time() - max(okd_etcd_backup_due_timestamp_seconds) > ${lateSeconds}`,
      wait: "5m",
      summary: "No snapshot of etcd was stored in time.",
      description: `A scheduled backup has been due for more than an hour, and no control plane node knows of its snapshot. ${where}`,
    },
    {
      name: "EtcdBackupUnknown",
      severity: "critical",
      namespace,
      expression: "absent(okd_etcd_backup_due_timestamp_seconds)",
      wait: "1h",
      summary: "The state of the etcd backups is unknown.",
      description:
        "No control plane node reports when a snapshot of etcd is due, so maybe no snapshots are taken at all. `systemctl list-timers 'okd-etcd-backup*'` on a control plane node shows whether the timers run.",
    },
  ]);
}
