import type { HostUnit } from "../installer-host/ignition-config";
import { unitSection, timer } from "../installer-host/units";

const name = "okd-etcd-backup";

/** Timer and service of the backup, and of the publication of its metrics to node-exporter. */
export function backupUnits(schedule: string): readonly HostUnit[] {
  return [
    serviceUnit(name, "Backs up etcd", `/usr/local/bin/${name}`, ["Nice=10", "IOSchedulingClass=idle"]),
    // Persistent: a node that was off at the scheduled time checks afterwards whether the snapshot for this time is stored.
    timer(name, "Starts a scheduled backup of etcd", [`OnCalendar=${schedule}`, "AccuracySec=1s", "Persistent=true"]),
    serviceUnit(`${name}-metrics`, "Publishes the metrics of the etcd backup", `/usr/local/bin/${name} publish`, [
      // Without this, a oneshot unit has no time limit.
      "TimeoutStartSec=60",
    ]),
    timer(`${name}-metrics`, "Publishes the metrics of the etcd backup", ["OnBootSec=2min", "OnUnitInactiveSec=1min"]),
  ];
}

function serviceUnit(unit: string, description: string, command: string, more: readonly string[]): HostUnit {
  const after = "network-online.target kubelet.service";
  return {
    name: `${unit}.service`,
    enabled: false,
    contents: [
      unitSection("Unit", [
        `Description=${description}`,
        `Wants=${after}`,
        `After=${after}`,
        // This script of the etcd operator exists only on control plane nodes.
        "ConditionPathExists=/usr/local/bin/cluster-backup.sh",
      ]),
      unitSection("Service", [
        "Type=oneshot",
        // The cluster's proxy, if it has one (openshift/machine-config-operator, `templates/common`).
        "EnvironmentFile=-/etc/mco/proxy.env",
        `ExecStart=${command}`,
        ...more,
      ]),
    ].join("\n"),
  };
}
