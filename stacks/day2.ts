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
import type { Configuration, PlatformConfiguration } from "../config/configuration";
import type { Minor } from "../config/releases/minor";
import { minorOf } from "../config/releases/version";
import { partitionOf } from "../config/partition";
import { callbackUrls } from "../cluster-objects/authentication/oauth";
import type { InstallationResults } from "./installation";
import type { Infrastructure } from "./infrastructure";

/** Parts of the installed cluster's configuration that the outputs use. */
export interface Day2Results {
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
  const settings = new ClusterSettings("cluster-settings", { api, settings: platform.settings });
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
  const [observation, , checkOperators] = await Promise.all([
    observeLogins(authentication, api),
    configureMonitoring(platform, { api, minor: minorOf(configuration.release) }, infraNodes),
    installOperators(platform, api, { roles: infraNodes?.roles ?? [], catalogs: catalogs ? [catalogs] : [] }),
    configureVelero(configuration, infrastructure, api, infraNodes),
  ]);
  const { kubeadmin } = new Authentication("authentication", { api, clusterDomain, authentication, observation });
  // The release comes last: if it has changed, the program waits for answers of the cluster. By then everything else is declared.
  const roles = api.installedBefore
    ? await infrastructure.cloudCredentials?.declareRolesOfInstalledCluster(await api.kubeconfigIfRunning())
    : undefined;
  const release = new Release("release", { api, release: platform.settings.updates.release, roles });
  await checkOperators();
  await release.checkInPreview();
  return { shards: routers.shards, oauthCallbackUrls: callbackUrls(authentication, clusterDomain), kubeadmin };
}

/** Configures monitoring and the receivers of alerts. The components are imported only when needed: loading their library takes time. */
async function configureMonitoring(
  { monitoring, alerting }: PlatformConfiguration,
  cluster: { readonly api: ClusterApi; readonly minor: Minor },
  infraNodes: InfraNodes | undefined,
): Promise<void> {
  if (monitoring) {
    const { Monitoring } = await import("../components/cluster/monitoring");
    await Monitoring.configure("monitoring", { ...cluster, settings: monitoring, infraRoles: infraNodes?.roles });
  }
  if (alerting) {
    const { Alerting } = await import("../components/cluster/alerting");
    await Alerting.configure("alerting", { ...cluster, settings: alerting });
  }
}

/**
 * Installs operators from catalogs. The component is imported only when needed.
 *
 * @param roles resources that make nodes infra nodes
 * @param catalogs resources that give the cluster mirrored catalogs
 * @returns a check for a preview, which waits for answers of the cluster
 */
async function installOperators(
  { operators }: PlatformConfiguration,
  api: ClusterApi,
  { roles, catalogs }: Readonly<Record<"roles" | "catalogs", readonly pulumi.Resource[]>>,
): Promise<() => Promise<void>> {
  if (operators.length === 0) return () => Promise.resolve();
  const { Operator } = await import("../components/cluster/operator");
  const declared = operators.map((entry) => {
    const after = [...catalogs, ...(entry.placement ? roles : [])];
    return new Operator(`operator-${entry.package}`, { api, entry, after });
  });
  return () => Operator.checkInPreview(declared);
}

/** Configures the backups of the cluster's objects. */
async function configureVelero(
  { platform: { velero: settings }, region, iam }: Configuration,
  { naming, partition, cloudCredentials }: Infrastructure,
  api: ClusterApi,
  infraNodes: InfraNodes | undefined,
): Promise<void> {
  if (settings === undefined) return;
  const { Velero } = await import("../components/cluster/velero");
  const storage = { naming, partition, region, issuer: cloudCredentials?.issuer, permissionsBoundaryArn: iam.permissionsBoundaryArn };
  new Velero("velero", { api, settings, storage, infraRoles: infraNodes?.roles });
}
