import type * as pulumi from "@pulumi/pulumi";
import { known } from "../components/known";
import { Authentication } from "../components/platform/authentication";
import { ClusterApi } from "../components/platform/cluster-api";
import { ClusterSettings } from "../components/platform/cluster-settings";
import { EtcdBackupAlerts } from "../components/platform/etcd-backup-alerts";
import { MachineConfigs } from "../components/platform/machine-configs";
import { observeLogins, unobserved } from "../components/platform/observed-logins";
import { RegistryAccessSettings } from "../components/platform/registry-access";
import { Release } from "../components/platform/release";
import type { Configuration } from "../config/configuration";
import { callbackUrls } from "../platform/authentication/oauth";
import { byInternalName } from "../platform/settings/kubeconfig";
import type { Cluster } from "./cluster";
import type { Infrastructure } from "./infrastructure";

/**
 * What an installed cluster is configured with: each topic is a component, and what isn't configured declares nothing.
 *
 * @returns the platform's outputs.
 */
export async function configurePlatform(
  configuration: Configuration,
  infrastructure: Infrastructure,
  { installed }: Cluster,
): Promise<Record<string, pulumi.Input<unknown>>> {
  const { platform, clusterDomain } = configuration;
  const { identity, infraId, adminKubeconfig, machineConfigs, mirrored } = infrastructure;
  const kubeconfig = adminKubeconfig.apply((text) => byInternalName(text, clusterDomain));
  const api = new ClusterApi("cluster-api", { kubeconfig, infraId, identity, installed });
  if (machineConfigs.length > 0) new MachineConfigs("machine-configs", { api, configs: machineConfigs });
  if (platform.etcdBackup) new EtcdBackupAlerts("etcd-backup-alerts", { api });
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  new RegistryAccessSettings("registry-access", { api, configuration, registry: mirrored?.access });
  new Release("release", { release: platform.settings.updates.release, kubeconfig, identity }, { dependsOn: installed });
  return authenticate(api, kubeconfig, configuration, infrastructure);
}

async function authenticate(
  api: ClusterApi,
  kubeconfig: pulumi.Output<string>,
  { clusterDomain, platform: { authentication } }: Configuration,
  { identity, markers }: Infrastructure,
): Promise<Record<string, pulumi.Input<unknown>>> {
  const running = markers.has("installed") ? await known(kubeconfig) : undefined;
  const observation = running === undefined ? unobserved : await observeLogins(authentication, running);
  const { kubeadmin } = new Authentication("authentication", { api, clusterDomain, authentication, kubeconfig, observation, identity });
  const oauthCallbackUrls = callbackUrls(authentication, clusterDomain);
  return { ...(Object.keys(oauthCallbackUrls).length > 0 && { oauthCallbackUrls }), ...(kubeadmin && { kubeadmin }) };
}
