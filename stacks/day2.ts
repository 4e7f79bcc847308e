import type * as pulumi from "@pulumi/pulumi";
import { AccessControl } from "../components/cluster/access-control";
import { Authentication } from "../components/cluster/authentication";
import { CertificateApproverWatch } from "../components/cluster/certificate-approver-watch";
import { ClusterAlerts } from "../components/cluster/cluster-alerts";
import { ClusterApi } from "../components/cluster/cluster-api";
import { ClusterSettings } from "../components/cluster/cluster-settings";
import { EtcdBackupAlerts } from "../components/cluster/etcd-backup-alerts";
import { InfraNodes } from "../components/cluster/infra-nodes";
import { MachineConfigs } from "../components/cluster/machine-configs";
import { observeLogins } from "../components/cluster/observed-logins";
import { RegistryAccessSettings } from "../components/cluster/registry-access";
import { Release } from "../components/cluster/release";
import { RouterShards, type ShardOutput } from "../components/cluster/router-shards";
import type { CloudRole } from "../components/credentials/cloud-roles";
import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { callbackUrls } from "../cluster-objects/authentication/oauth";
import type { InstallationResults } from "./installation";
import type { Infrastructure } from "./infrastructure";
import { configureServices } from "./services";
import { declareEfsDriverRoles, declareSharedVolumes } from "./shared-storage";

/** Parts of the installed cluster's configuration that the outputs use. */
export interface Day2Results {
  /** IAM roles of the EFS operator and its driver; empty unless the cluster needs them. */
  readonly efsDriverRoles: readonly CloudRole[];
  readonly shards: pulumi.Output<ShardOutput[]> | undefined;
  /** Callback URLs to register with each identity provider's application, by identity provider. */
  readonly oauthCallbackUrls: Readonly<Record<string, string>>;
  /**
   * Output `kubeadmin`: the administrator whose login allowed the removal, or the reason why kubeadmin still exists; undefined without
   * `removeKubeadmin`.
   */
  readonly kubeadmin: pulumi.Output<string> | undefined;
}

/** Configures the installed cluster. Each topic is a component; a topic that is not configured declares no resources. */
export async function configureCluster(
  configuration: Configuration,
  infrastructure: Infrastructure,
  { installed, infra, catalogs }: InstallationResults,
): Promise<Day2Results> {
  const { platform, region, clusterDomain, machineCidrs } = configuration;
  const { authentication } = platform;
  const { identity, infraId, ownKubeconfig: kubeconfig, machineConfigs, mirrored, milestones, installerHost } = infrastructure;
  const { naming, network, workerSecurityGroupId, privateZone, appsZones } = infrastructure;
  const api = new ClusterApi("cluster-api", { kubeconfig, infraId, identity, installed, installedBefore: milestones.has("installed") });
  if (machineConfigs.length > 0) new MachineConfigs("machine-configs", { api, configs: machineConfigs });
  if (installerHost) new CertificateApproverWatch("certificate-approver-watch", { api });
  if (platform.etcdBackup) new EtcdBackupAlerts("etcd-backup-alerts", { api });
  const sharedFileSystemId = infrastructure.sharedFileSystem?.fileSystemId;
  const settings = new ClusterSettings("cluster-settings", { api, settings: platform.settings, sharedFileSystemId });
  declareSharedVolumes(configuration, infrastructure, api);
  new AccessControl("access-control", { api, settings: platform.accessControl });
  new RegistryAccessSettings("registry-access", { api, configuration, registry: mirrored?.access });
  const { machines } = infra;
  const infraNodes = machines.length > 0 ? new InfraNodes("infra-nodes", { api, machines, settings: platform.infraNodes }) : undefined;
  const routers = new RouterShards("router-shards", {
    api,
    routers: platform.routers,
    ownRanges: configuration.publish === "Internal" ? machineCidrs : network.natAddresses.apply((all) => all.map((each) => `${each}/32`)),
    defaultCertificate: settings.ingressCertificate,
    naming,
    partition: partitionOf(region),
    network,
    workerSecurityGroupId,
    privateZone,
    appsZones,
    clusterDomain,
    infra: machines,
    infraRoles: infraNodes?.roles ?? [],
  });
  new ClusterAlerts("cluster-alerts", { api, platform, watched: [settings, routers] });
  const [observation, services] = await Promise.all([
    observeLogins(authentication, api),
    configureServices(configuration, infrastructure, {
      api,
      infraRoles: infraNodes?.roles ?? [],
      catalogs: catalogs ? [catalogs] : [],
      routers,
    }),
  ]);
  const { kubeadmin } = new Authentication("authentication", { api, clusterDomain, authentication, observation });
  // The release comes last, because a changed release makes the program wait for the cluster. All other resources are already declared then.
  const roles = api.installedBefore
    ? await infrastructure.cloudCredentials?.declareRolesOfInstalledCluster(await api.kubeconfigIfRunning())
    : undefined;
  const release = new Release("release", { api, release: platform.settings.updates.release, roles });
  await services.checkInPreview();
  await release.checkInPreview();
  const efsDriverRoles = declareEfsDriverRoles(configuration, infrastructure);
  return { efsDriverRoles, shards: routers.shards, oauthCallbackUrls: callbackUrls(authentication, clusterDomain), kubeadmin };
}
