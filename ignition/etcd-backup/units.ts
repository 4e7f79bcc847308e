import type { HostUnit } from "../installer-host/ignition-config";
import { section, timer } from "../installer-host/units";

const name = "okd-etcd-backup";

/** Timer and service of the backup, and what shows its metrics to node-exporter. */
export function backupUnits(schedule: string): readonly HostUnit[] {
  return [
    service(name, "Backs etcd up", `/usr/local/bin/${name}`, ["Nice=10", "IOSchedulingClass=idle"]),
    // Persistent: a master that was off at the time looks afterwards whether the slot's snapshot is stored.
    timer(name, "Begins a slot of etcd's backup", [`OnCalendar=${schedule}`, "AccuracySec=1s", "Persistent=true"]),
    service(`${name}-metrics`, "Shows the metrics of etcd's backup", `/usr/local/bin/${name} publish`, [
      // The default for oneshot is no limit.
      "TimeoutStartSec=60",
    ]),
    timer(`${name}-metrics`, "Shows the metrics of etcd's backup", ["OnBootSec=2min", "OnUnitInactiveSec=1min"]),
  ];
}

function service(unit: string, description: string, command: string, more: readonly string[]): HostUnit {
  const after = "network-online.target kubelet.service";
  return {
    name: `${unit}.service`,
    enabled: false,
    contents: [
      section("Unit", [
        `Description=${description}`,
        `Wants=${after}`,
        `After=${after}`,
        // The etcd operator's, which a master has only when it is one.
        "ConditionPathExists=/usr/local/bin/cluster-backup.sh",
      ]),
      section("Service", [
        "Type=oneshot",
        // What the cluster's proxy is, where there is one (openshift/machine-config-operator, `templates/common`).
        "EnvironmentFile=-/etc/mco/proxy.env",
        `ExecStart=${command}`,
        ...more,
      ]),
    ].join("\n"),
  };
}
