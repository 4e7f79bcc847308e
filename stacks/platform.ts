import type * as pulumi from "@pulumi/pulumi";
import { ClusterApi } from "../components/platform/cluster-api";
import { ClusterSettings } from "../components/platform/cluster-settings";
import { EtcdBackupAlerts } from "../components/platform/etcd-backup-alerts";
import { MachineConfigs } from "../components/platform/machine-configs";
import { RegistryAccessSettings } from "../components/platform/registry-access";
import { Release } from "../components/platform/release";
import { RouterShards, type ShardOutput } from "../components/platform/router-shards";
import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { byInternalName } from "../platform/settings/kubeconfig";
import type { Cluster } from "./cluster";
import type { Infrastructure } from "./infrastructure";

/** What the outputs need of the installed cluster's configuration. */
export interface Platform {
  readonly shards: pulumi.Output<ShardOutput[]> | undefined;
}

/** What an installed cluster is configured with: each topic is a component, and what isn't configured declares nothing. */
export function configurePlatform(configuration: Configuration, infrastructure: Infrastructure, { installed }: Cluster): Platform {
  const { platform, region, clusterDomain } = configuration;
  const { identity, infraId, adminKubeconfig, machineConfigs, mirrored, markers } = infrastructure;
  const { naming, network, infra, workerGroupId, privateZone, appsZones } = infrastructure;
  const kubeconfig = adminKubeconfig.apply((text) => byInternalName(text, clusterDomain));
  const api = new ClusterApi("cluster-api", { kubeconfig, infraId, identity, installed });
  if (machineConfigs.length > 0) new MachineConfigs("machine-configs", { api, configs: machineConfigs });
  if (platform.etcdBackup) new EtcdBackupAlerts("etcd-backup-alerts", { api });
  const { ingressCertificate } = new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  new RegistryAccessSettings("registry-access", { api, configuration, registry: mirrored?.access });
  new Release("release", { release: platform.settings.updates.release, kubeconfig, identity }, { dependsOn: installed });
  const { shards } = new RouterShards("router-shards", {
    api,
    routers: platform.routers,
    defaultCertificate: ingressCertificate,
    naming,
    partition: partitionOf(region),
    network,
    workerGroupId,
    privateZone,
    appsZones,
    clusterDomain,
    kubeconfig,
    stands: markers.has("installed"),
    infra: infra.machines,
  });
  return { shards };
}
