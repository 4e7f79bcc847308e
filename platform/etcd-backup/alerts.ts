import type { ApiObject } from "../object";

/** Seconds after a slot's time, within which a snapshot has to be stored: the leader's quarter of an hour, another master's, and as much again. */
const lateSeconds = 3600;

/**
 * Alerts by the masters' metrics. In the etcd operator's namespace, which the cluster's own monitoring reads (label
 * `openshift.io/cluster-monitoring`); any master that knows of the slot's snapshot is enough.
 */
export function etcdBackupAlerts(): ApiObject {
  const alert = (name: string, severity: string, expression: string, wait: string, summary: string, description: string) => ({
    alert: name,
    expr: expression,
    for: wait,
    labels: { severity, namespace: "openshift-etcd" },
    annotations: { summary, description },
  });
  const where = "On the masters, `journalctl --unit okd-etcd-backup` says why.";
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
              "A master fails to back etcd up.",
              `The last attempt of {{ $labels.instance }} has failed. ${where}`,
            ),
            alert(
              "EtcdBackupMissed",
              "critical",
              `time() - max(okd_etcd_backup_due_timestamp_seconds) > ${lateSeconds}`,
              "5m",
              "No snapshot of etcd was stored when one was due.",
              `The newest slot has come more than an hour ago, and no master knows of its snapshot. ${where}`,
            ),
            alert(
              "EtcdBackupUnknown",
              "critical",
              "absent(okd_etcd_backup_due_timestamp_seconds)",
              "1h",
              "Nothing is known of etcd's backups.",
              "No master tells when a snapshot of etcd was due: none may be made at all. `systemctl list-timers 'okd-etcd-backup*'` on a master shows whether the timers run.",
            ),
          ],
        },
      ],
    },
  };
}
