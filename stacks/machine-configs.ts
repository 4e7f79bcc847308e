import type { DeclaredMachineConfig } from "../components/platform/machine-configs";
import type { EtcdBackup } from "../components/etcd-backup";
import { nodeMachineConfigs } from "../ignition/node-tuning";
import type { Configuration } from "../config/configuration";

/**
 * Every MachineConfig of the configuration: a new cluster is installed with them, and a running one gets their changes. One list for both, so that an
 * installed object and a declared one can't differ, which would reboot every machine.
 */
export function machineConfigsOf({ platform }: Configuration, etcdBackup: EtcdBackup | undefined): readonly DeclaredMachineConfig[] {
  return [
    ...nodeMachineConfigs(platform.settings.nodes),
    ...(etcdBackup ? [{ pool: "master", topic: "etcd-backup", content: etcdBackup.content } as const] : []),
  ];
}
