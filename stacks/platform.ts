import { ClusterApi } from "../components/platform/cluster-api";
import { ClusterSettings } from "../components/platform/cluster-settings";
import { EtcdBackupAlerts } from "../components/platform/etcd-backup-alerts";
import { MachineConfigs } from "../components/platform/machine-configs";
import { RegistryAccessSettings } from "../components/platform/registry-access";
import { Release } from "../components/platform/release";
import type { Configuration } from "../config/configuration";
import { byInternalName } from "../platform/settings/kubeconfig";
import type { Cluster } from "./cluster";
import type { Infrastructure } from "./infrastructure";

/** What an installed cluster is configured with: each topic is a component, and what isn't configured declares nothing. */
export function configurePlatform(
  configuration: Configuration,
  { identity, infraId, adminKubeconfig, machineConfigs, mirrored }: Infrastructure,
  { installed }: Cluster,
): void {
  const { platform, clusterDomain } = configuration;
  const kubeconfig = adminKubeconfig.apply((text) => byInternalName(text, clusterDomain));
  const api = new ClusterApi("cluster-api", { kubeconfig, infraId, identity, installed });
  if (machineConfigs.length > 0) new MachineConfigs("machine-configs", { api, configs: machineConfigs });
  if (platform.etcdBackup) new EtcdBackupAlerts("etcd-backup-alerts", { api });
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  new RegistryAccessSettings("registry-access", { api, configuration, registry: mirrored?.access });
  new Release("release", { release: platform.settings.updates.release, kubeconfig, identity }, { dependsOn: installed });
}
