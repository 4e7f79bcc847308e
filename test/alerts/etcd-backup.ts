import { etcdBackupAlerts } from "../../cluster-objects/etcd-backup/alerts";
import type { RuleCases } from "./alert-case";

const failed = 'okd_etcd_backup_failed{instance="master-0"}';
const due = 'okd_etcd_backup_due_timestamp_seconds{instance="master-0"}';
const namespace = "openshift-etcd";

export const etcdBackupCases: RuleCases = {
  file: "cluster-objects/etcd-backup/alerts.ts",
  rule: etcdBackupAlerts(),
  cases: [
    {
      alert: "EtcdBackupFailed",
      situation: "the last attempt of a node has failed for 10 minutes",
      series: { [failed]: "1x20", 'okd_etcd_backup_failed{instance="master-1"}': "0x20" },
      at: "10m",
      fires: [
        {
          labels: { severity: "warning", namespace, instance: "master-0" },
          description:
            "The last backup attempt of master-0 has failed. `journalctl --unit okd-etcd-backup` on the control plane nodes shows the reason.",
        },
      ],
    },
    {
      alert: "EtcdBackupFailed",
      situation: "the next attempt succeeds within 10 minutes",
      series: { [failed]: "1x8 0x10" },
      at: "12m",
      fires: [],
    },
    {
      alert: "EtcdBackupMissed",
      situation: "the newest snapshot of all nodes has been due for more than an hour",
      series: { [due]: "0x90", 'okd_etcd_backup_due_timestamp_seconds{instance="master-1"}': "60x90" },
      at: "67m",
      fires: [{ labels: { severity: "critical", namespace } }],
    },
    {
      alert: "EtcdBackupMissed",
      situation: "one node knows of a snapshot that another has not seen",
      series: { [due]: "0x90", 'okd_etcd_backup_due_timestamp_seconds{instance="master-1"}': "3600x90" },
      at: "67m",
      fires: [],
    },
    {
      alert: "EtcdBackupUnknown",
      situation: "no node has reported for an hour",
      series: { [failed]: "0x70" },
      at: "61m",
      fires: [{ labels: { severity: "critical", namespace } }],
    },
    { alert: "EtcdBackupUnknown", situation: "one node reports", series: { [due]: "3600x70" }, at: "61m", fires: [] },
  ],
};
