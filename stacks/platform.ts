import type * as pulumi from "@pulumi/pulumi";
import { known } from "../components/known";
import { AccessControl } from "../components/platform/access-control";
import { Authentication } from "../components/platform/authentication";
import { ClusterApi } from "../components/platform/cluster-api";
import { ClusterSettings } from "../components/platform/cluster-settings";
import { observeLogins, unobserved } from "../components/platform/observed-logins";
import type { Configuration } from "../config/configuration";
import { callbackUrls } from "../platform/authentication/oauth";
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
  const { platform } = configuration;
  const { identity, infraId, files } = infrastructure;
  const api = new ClusterApi("cluster-api", { kubeconfig: files.kubeconfig, infraId, identity, installed });
  new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  new AccessControl("access-control", { api, settings: platform.accessControl, kubeconfig: files.kubeconfig, identity });
  return authenticate(api, configuration, infrastructure);
}

async function authenticate(
  api: ClusterApi,
  { clusterDomain, platform: { authentication } }: Configuration,
  { identity, files: { kubeconfig }, markers }: Infrastructure,
): Promise<Record<string, pulumi.Input<unknown>>> {
  const running = markers.has("installed") ? await known(kubeconfig) : undefined;
  const observation = running === undefined ? unobserved : await observeLogins(authentication, running);
  const { kubeadmin } = new Authentication("authentication", { api, clusterDomain, authentication, kubeconfig, observation, identity });
  const oauthCallbackUrls = callbackUrls(authentication, clusterDomain);
  return { ...(Object.keys(oauthCallbackUrls).length > 0 && { oauthCallbackUrls }), ...(kubeadmin && { kubeadmin }) };
}
