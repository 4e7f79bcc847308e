import type { Dashboard } from "../../cluster-objects/grafana/content";
import { countOf, countPanel, curvesPanel, dashboard } from "./panels";

/** The backups of etcd and of the cluster's objects. */
export function backupsDashboard(): Dashboard {
  return dashboard("backups", "Backups", [
    countPanel(
      { title: "Nodes that fail to back up etcd", description: "docs/etcd-backup.md says how to find the reason." },
      countOf("okd_etcd_backup_failed", "== 1"),
      1,
    ),
    countPanel(
      { title: "Locations that Velero can't reach", description: "oc get backupstoragelocations -A -o yaml shows the reason." },
      countOf("velero_backup_location_status_gauge", "== 0"),
      1,
    ),
    curvesPanel({ title: "Time since the last snapshot of etcd was due", description: "The time falls to zero with each snapshot." }, "s", [
      { expression: "time() - max(okd_etcd_backup_due_timestamp_seconds)", legend: "etcd" },
    ]),
    curvesPanel({ title: "Age of the last successful backup of objects", description: "By Velero's schedule." }, "s", [
      { expression: 'time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=""})', legend: "{{schedule}}" },
    ]),
    curvesPanel({ title: "Failed backups of objects in a day", description: "oc describe backup shows the reason." }, "short", [
      { expression: 'sum by (schedule) (increase(velero_backup_failure_total{schedule!=""}[1d]))', legend: "{{schedule}} failed" },
      {
        expression: 'sum by (schedule) (increase(velero_backup_partial_failure_total{schedule!=""}[1d]))',
        legend: "{{schedule}} failed in part",
      },
      {
        expression: 'sum by (schedule) (increase(velero_backup_validation_failure_total{schedule!=""}[1d]))',
        legend: "{{schedule}} refused",
      },
    ]),
  ]);
}
