import { removeCommand, setCommand } from "../problem";
import { rule } from "../rule";
import { retentionBytes } from "./fields";
import { PROMETHEUS_PODS } from "./settings";

/** A full volume stops Prometheus, so the limit of the metrics must be below the size of the volume. */
export const metricsFitOnTheVolume = rule(
  ["monitoringRetentionSize", "prometheusVolumeGib"],
  ({ monitoringRetentionSize, prometheusVolumeGib }) => {
    const bytes = retentionBytes(monitoringRetentionSize);
    if (bytes === undefined || prometheusVolumeGib === 0 || bytes < prometheusVolumeGib * 2 ** 30) return [];
    return [
      {
        key: "monitoringRetentionSize",
        wrong: `is not below the ${prometheusVolumeGib} GiB of prometheusVolumeGib, so Prometheus would stop when its volume is full`,
        allowed: `less than ${prometheusVolumeGib}GiB; Prometheus recommends 80 % of the volume`,
        fix: setCommand("monitoringRetentionSize", `${Math.max(1, Math.floor(prometheusVolumeGib * 0.8))}GiB`),
      },
    ];
  },
);

export const monitoringClassNeedsVolume = rule(
  ["monitoringStorageClass", "prometheusVolumeGib", "alertmanagerVolumeGib", "userWorkloadVolumeGib"],
  ({ monitoringStorageClass, prometheusVolumeGib, alertmanagerVolumeGib, userWorkloadVolumeGib }) =>
    monitoringStorageClass === "" || prometheusVolumeGib + alertmanagerVolumeGib + userWorkloadVolumeGib > 0
      ? []
      : [
          {
            key: "monitoringStorageClass",
            wrong: "is set, but monitoring has no volume",
            fix: `${setCommand("prometheusVolumeGib", 100)}, or ${removeCommand("monitoringStorageClass")}`,
          },
        ],
);

/** Prometheus does not support file systems that are not POSIX-compliant, such as NFS (prometheus/prometheus, `docs/storage.md`, main). */
export const metricsNeedBlockStorage = rule(["monitoringStorageClass", "storageClasses"], ({ monitoringStorageClass, storageClasses }) => {
  const found = storageClasses.find(({ name }) => name === monitoringStorageClass);
  if (found === undefined || found.type === "ebs") return [];
  return [
    {
      key: "monitoringStorageClass",
      wrong: `is the storage class ${found.name} of type ${found.type}, but Prometheus needs block storage`,
      allowed: "a class of type ebs, or gp3-csi",
      fix: setCommand("monitoringStorageClass", "gp3-csi"),
    },
  ];
});

export const monitoringHasInfraNodes = rule(["monitoringOnInfraNodes", "infraCount"], ({ monitoringOnInfraNodes, infraCount }) => {
  if (!monitoringOnInfraNodes || infraCount >= PROMETHEUS_PODS) return [];
  return [
    {
      key: "monitoringOnInfraNodes",
      wrong: `is true, but infraCount is ${infraCount}: two pods of Prometheus never share a node`,
      allowed: `true with an infraCount of at least ${PROMETHEUS_PODS}`,
      fix: `${setCommand("infraCount", 3)}, or ${removeCommand("monitoringOnInfraNodes")}`,
    },
  ];
});

export const userWorkloadSettingsNeedIt = rule(
  ["userWorkloadMonitoring", "userWorkloadRetention", "userWorkloadVolumeGib"],
  ({ userWorkloadMonitoring, userWorkloadRetention, userWorkloadVolumeGib }) => {
    if (userWorkloadMonitoring) return [];
    const set = [
      ...(userWorkloadRetention === "" ? [] : ["userWorkloadRetention"]),
      ...(userWorkloadVolumeGib === 0 ? [] : ["userWorkloadVolumeGib"]),
    ];
    return set.map((key) => ({
      key,
      wrong: "is set, but userWorkloadMonitoring is not true",
      fix: `${setCommand("userWorkloadMonitoring", "true")}, or ${removeCommand(key)}`,
    }));
  },
);
