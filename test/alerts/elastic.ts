import { elasticAlerts } from "../../cluster-objects/elastic/alerts";
import type { RuleCases } from "./alert-case";

const namespace = "elastic-logging";
const claim = `{namespace="${namespace}", persistentvolumeclaim="elasticsearch-data-logs-es-default-0"}`;
const capacity = { [`kubelet_volume_stats_capacity_bytes${claim}`]: "1000x40" };
const labels = { severity: "warning", namespace };
const ofClaim = { ...labels, persistentvolumeclaim: "elasticsearch-data-logs-es-default-0" };
const set = `{namespace="${namespace}", statefulset="logs-es-default"}`;
const daemons = `{namespace="${namespace}", daemonset="audit-beat-filebeat"}`;

export const elasticAlertCases: RuleCases = {
  file: "cluster-objects/elastic/alerts.ts",
  rule: elasticAlerts(),
  cases: [
    {
      alert: "ElasticsearchVolumeFull",
      situation: "a volume has had 14 % left for 15 minutes",
      series: { ...capacity, [`kubelet_volume_stats_available_bytes${claim}`]: "140x40" },
      at: "20m",
      fires: [
        {
          labels: ofClaim,
          description:
            "Volume elasticsearch-data-logs-es-default-0 has 14% of its space free. At 5 % Elasticsearch refuses new logs. Raise elasticVolumeGib, or shorten a retention.",
        },
      ],
    },
    {
      alert: "ElasticsearchVolumeFull",
      situation: "a volume has 16 % left, and one of another namespace is full",
      series: {
        ...capacity,
        [`kubelet_volume_stats_available_bytes${claim}`]: "160x40",
        'kubelet_volume_stats_capacity_bytes{namespace="shop", persistentvolumeclaim="data"}': "1000x40",
        'kubelet_volume_stats_available_bytes{namespace="shop", persistentvolumeclaim="data"}': "0x40",
      },
      at: "20m",
      fires: [],
    },
    {
      alert: "ElasticsearchNodeMissing",
      situation: "one of three nodes has been missing for half an hour",
      series: { [`kube_statefulset_status_replicas_ready${set}`]: "2x40", [`kube_statefulset_replicas${set}`]: "3x40" },
      at: "31m",
      fires: [
        {
          labels: { ...labels, statefulset: "logs-es-default" },
          description:
            "StatefulSet logs-es-default lacks ready pods. Logs may exist in one copy only. `oc get elasticsearch,pods -n elastic-logging` shows more.",
        },
      ],
    },
    {
      alert: "ElasticsearchNodeMissing",
      situation: "an update restarts one node after the other",
      series: { [`kube_statefulset_status_replicas_ready${set}`]: "2x20 3x2 2x20", [`kube_statefulset_replicas${set}`]: "3x50" },
      at: "40m",
      fires: [],
    },
    {
      alert: "FilebeatMissing",
      situation: "a pod has not run for half an hour",
      series: {
        [`kube_daemonset_status_number_ready${daemons}`]: "5x40",
        [`kube_daemonset_status_desired_number_scheduled${daemons}`]: "6x40",
      },
      at: "31m",
      fires: [
        {
          labels: { ...labels, daemonset: "audit-beat-filebeat" },
          description:
            "DaemonSet audit-beat-filebeat does not run on every node. `oc get beat,pods -n elastic-logging -o wide` shows more.",
        },
      ],
    },
    {
      alert: "FilebeatMissing",
      situation: "Filebeat runs on every node",
      series: {
        [`kube_daemonset_status_number_ready${daemons}`]: "6x40",
        [`kube_daemonset_status_desired_number_scheduled${daemons}`]: "6x40",
      },
      at: "31m",
      fires: [],
    },
  ],
};
