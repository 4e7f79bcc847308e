import type { DeclaredMachineConfig } from "../components/cluster/machine-configs";
import type { EtcdBackup } from "../components/etcd-backup";
import { nodeMachineConfigs } from "../ignition/node-tuning";
import type { Configuration } from "../config/configuration";

/**
 * All MachineConfigs of the configuration. A new cluster is installed with them, and a running cluster gets their changes. Both use this
 * one list, so that the installed objects and the declared ones cannot differ: a difference would reboot every node.
 */
export function machineConfigsOf({ platform }: Configuration, etcdBackup: EtcdBackup | undefined): readonly DeclaredMachineConfig[] {
  return [
    ...nodeMachineConfigs(platform.settings.nodes),
    ...(etcdBackup ? [{ pool: "master", topic: "etcd-backup", content: etcdBackup.content } as const] : []),
  ];
}
