import type { Dashboard } from "../../cluster-objects/grafana/content";
import { countOf, countPanel, curvesPanel, dashboard, type PanelQuery } from "./panels";

/** The 99th percentile of a histogram, by member. */
function slowest(histogram: string): PanelQuery[] {
  const rate = `sum by (pod, le) (rate(${histogram}_bucket{job="etcd"}[$__rate_interval]))`;
  return [{ expression: `histogram_quantile(0.99, ${rate})`, legend: "{{pod}}" }];
}

/** The cluster's etcd: members, disks, size. */
export function etcdDashboard(): Dashboard {
  return dashboard("etcd", "etcd", [
    countPanel(
      {
        title: "Members that answer",
        description: "If there are fewer members than control plane nodes, oc get pods -n openshift-etcd shows more.",
      },
      'sum(up{job="etcd"})',
    ),
    countPanel(
      { title: "Members without a leader", description: "A member without a leader accepts no writes." },
      countOf('etcd_server_has_leader{job="etcd"}', "== 0"),
      1,
    ),
    countPanel(
      { title: "New leaders in an hour", description: "More than two in an hour hint at slow disks or a slow network." },
      'max(increase(etcd_server_leader_changes_seen_total{job="etcd"}[1h]))',
      3,
    ),
    curvesPanel(
      { title: "Write to the log (99 %)", description: 'Should stay below 10 ms (etcd documentation, "Hardware").' },
      "s",
      slowest("etcd_disk_wal_fsync_duration_seconds"),
    ),
    curvesPanel(
      { title: "Commit to the database (99 %)", description: 'Should stay below 25 ms (etcd documentation, "FAQ").' },
      "s",
      slowest("etcd_disk_backend_commit_duration_seconds"),
    ),
    curvesPanel(
      { title: "Round trip to the other members (99 %)", description: "The time grows with the distance between the zones." },
      "s",
      slowest("etcd_network_peer_round_trip_time_seconds"),
    ),
    curvesPanel({ title: "Failed proposals per second", description: "Writes that the members did not agree on." }, "ops", [
      { expression: 'sum by (pod) (rate(etcd_server_proposals_failed_total{job="etcd"}[$__rate_interval]))', legend: "{{pod}}" },
    ]),
    curvesPanel(
      {
        title: "Size of the database",
        description:
          "When the size on disk reaches the quota, etcd accepts no more writes. Defragmentation frees the space on disk that is not used.",
      },
      "bytes",
      [
        { expression: 'max(etcd_mvcc_db_total_size_in_bytes{job="etcd"})', legend: "on disk" },
        { expression: 'max(etcd_mvcc_db_total_size_in_use_in_bytes{job="etcd"})', legend: "used" },
        { expression: 'max(etcd_server_quota_backend_bytes{job="etcd"})', legend: "quota" },
      ],
    ),
  ]);
}
