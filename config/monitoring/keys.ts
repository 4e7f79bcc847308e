import { flag, integer, key, text } from "../key";
import { MAX_DISK_GIB } from "../machines/fields";
import { classNameProblem, retentionProblem, retentionSizeProblem } from "./fields";

const SOURCE = "OpenShift (ConfigMap openshift-monitoring/cluster-monitoring-config";
const USER_SOURCE = "OpenShift (ConfigMap openshift-user-workload-monitoring/user-workload-monitoring-config";

/** Keys for the cluster's monitoring. */
export const monitoringKeys = {
  monitoringRetention: key(text(retentionProblem), {
    description: "How long Prometheus keeps the platform's metrics.",
    allowed: "a Prometheus duration such as 15d or 24h",
    example: "30d",
    source: `${SOURCE}, prometheusK8s.retention)`,
    whenEmpty: "15d, the cluster's default",
  }),
  monitoringRetentionSize: key(text(retentionSizeProblem), {
    description:
      "Size of the platform's metrics on disk above which Prometheus deletes the oldest metrics. It may be at most 85 % of prometheusVolumeGib.",
    allowed: "a whole number and MB, MiB, GB, GiB, TB or TiB",
    example: "80GiB",
    source: `${SOURCE}, prometheusK8s.retentionSize)`,
    whenEmpty: "no limit",
  }),
  prometheusVolumeGib: key(integer(0, MAX_DISK_GIB, 0), {
    description:
      "Size of the volume of each of the two Prometheus pods. With 0 the metrics are lost whenever a pod is replaced: by an update, a drain or a change of its settings. Setting this key restarts the pods with empty volumes; changing it later does not resize existing volumes (docs/monitoring.md).",
    unit: "GiB",
    example: "100",
    source: `${SOURCE}, prometheusK8s.volumeClaimTemplate)`,
  }),
  alertmanagerVolumeGib: key(integer(0, MAX_DISK_GIB, 0), {
    description: "Size of the volume of each Alertmanager pod. With 0 silences are lost when all pods are down at the same time.",
    unit: "GiB",
    example: "10",
    source: `${SOURCE}, alertmanagerMain.volumeClaimTemplate)`,
  }),
  monitoringStorageClass: key(text(classNameProblem), {
    description:
      "Storage class of the volumes of monitoring. It must provide block storage: Prometheus does not support NFS, and therefore not EFS.",
    allowed: "the name of a storage class",
    example: "gp3-csi",
    source: `${SOURCE}, volumeClaimTemplate); Prometheus (storage, "Operational aspects")`,
    whenEmpty: "the cluster's default class",
  }),
  monitoringOnInfraNodes: key(flag(false), {
    description:
      "Whether the pods of monitoring run on the infra nodes. This needs at least two infra nodes, because the two pods of Prometheus never share a node.",
    example: "true",
    source: `${SOURCE}, nodeSelector and tolerations)`,
  }),
  userWorkloadMonitoring: key(flag(false), {
    description: "Whether a second Prometheus collects the metrics of the users' projects.",
    example: "true",
    source: `${SOURCE}, enableUserWorkload)`,
  }),
  userWorkloadRetention: key(text(retentionProblem), {
    description:
      "How long the metrics of the users' projects are kept. From 4.22 on this also applies to the results of the projects' rules.",
    allowed: "a Prometheus duration such as 15d or 24h",
    example: "7d",
    source: `${USER_SOURCE}, prometheus.retention)`,
    whenEmpty: "24h, the cluster's default",
  }),
  userWorkloadVolumeGib: key(integer(0, MAX_DISK_GIB, 0), {
    description:
      "Size of the volume of each Prometheus pod for the users' projects. With 0 their metrics are lost whenever a pod is replaced.",
    unit: "GiB",
    example: "50",
    source: `${USER_SOURCE}, prometheus.volumeClaimTemplate)`,
  }),
} as const;
