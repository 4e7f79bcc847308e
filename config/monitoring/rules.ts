import { blockStorageProblems } from "../storage/block-storage";
import { removeCommand, setCommand } from "../problem";
import { rule } from "../rule";
import { retentionBytes } from "./fields";
import { PROMETHEUS_PODS } from "./settings";

/**
 * Maximum share of a volume that metrics may use (prometheus/prometheus, `docs/storage.md`, main: 80 to 85 %). A full volume stops
 * Prometheus.
 */
const USABLE = 0.85;

/** Prometheus deletes the oldest metrics only above its limit, which must leave room on the volume. */
export const metricsFitOnTheVolume = rule(
  ["monitoringRetentionSize", "prometheusVolumeGib"],
  ({ monitoringRetentionSize, prometheusVolumeGib }) => {
    const bytes = retentionBytes(monitoringRetentionSize);
    if (bytes === undefined || prometheusVolumeGib === 0 || bytes <= prometheusVolumeGib * 2 ** 30 * USABLE) return [];
    return [
      {
        key: "monitoringRetentionSize",
        wrong: `is more than 85 % of the ${prometheusVolumeGib} GiB of prometheusVolumeGib, so the volume may become full and stop Prometheus`,
        allowed: `at most ${Math.floor(prometheusVolumeGib * 1024 * USABLE)}MiB with this volume`,
        fix: setCommand("monitoringRetentionSize", `${Math.floor(prometheusVolumeGib * 1024 * 0.8)}MiB`),
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
export const metricsNeedBlockStorage = rule(
  ["monitoringStorageClass", "storageClasses"],
  ({ monitoringStorageClass: chosen, storageClasses }) =>
    blockStorageProblems("monitoringStorageClass", { chosen, storageClasses, service: "Prometheus" }),
);

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
