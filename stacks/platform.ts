import { ClusterApi } from "../components/platform/cluster-api";
import { ClusterSettings } from "../components/platform/cluster-settings";
import { EtcdBackupAlerts } from "../components/platform/etcd-backup-alerts";
import { MachineConfigs } from "../components/platform/machine-configs";
import type { Configuration } from "../config/configuration";
import type { Cluster } from "./cluster";
import type { Infrastructure } from "./infrastructure";

/** What an installed cluster is configured with: each topic is a component, and what isn't configured declares nothing. */
export function configurePlatform(
  { platform }: Configuration,
  { identity, infraId, files, machineConfigs }: Infrastructure,
  { installed }: Cluster,
): void {
  const api = new ClusterApi("cluster-api", { kubeconfig: files.kubeconfig, infraId, identity, installed });
  if (machineConfigs.length > 0) new MachineConfigs("machine-configs", { api, configs: machineConfigs });
  if (platform.etcdBackup) new EtcdBackupAlerts("etcd-backup-alerts", { api });
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
}
