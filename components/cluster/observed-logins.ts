import * as pulumi from "@pulumi/pulumi";
import { shellWord } from "../../config/problem";
import type { AuthenticationConfiguration } from "../../config/authentication/settings";
import type { Observation } from "../../steps/authentication/observe";
import type { ClusterApi } from "./cluster-api";

/** The result if the cluster is not installed yet, or if the configuration needs no observation. */
const NO_OBSERVATION: Observation = { loggedInAdministrators: [], undeclared: [] };

/**
 * Asks a running cluster who is logged in, and warns about htpasswd users in the cluster that are not declared. The Pulumi program itself asks,
 * because the answer decides which resources it declares. The requests take no longer than a request to AWS.
 */
export async function observeLogins(authentication: AuthenticationConfiguration, api: ClusterApi): Promise<Observation> {
  const { identityProviders, htpasswdUsers, clusterAdmins, removeKubeadmin } = authentication;
  const file = identityProviders.find(({ type }) => type === "HTPasswd");
  if (file === undefined && !removeKubeadmin) return NO_OBSERVATION;
  const kubeconfig = await api.kubeconfigIfRunning();
  if (kubeconfig === undefined) return NO_OBSERVATION;
  const { observeAuthentication } = await import("../../steps/authentication/observe");
  const observation = await observeAuthentication(kubeconfig, {
    providers: identityProviders.map(({ name }) => name),
    admins: clusterAdmins,
    ...(file && { htpasswd: { provider: file.name, users: [...htpasswdUsers.keys()] } }),
  });
  const { undeclared, failure } = observation;
  if (undeclared.length > 0 && file !== undefined)
    await pulumi.log.warn(
      `the cluster has users of ${file.name} who are not in htpasswdUsers: ${undeclared.join(", ")}. They cannot log in, but their existing tokens stay valid. Remove them: ` +
        `oc delete user ${undeclared.map(shellWord).join(" ")}; oc delete identity ${undeclared.map((user) => shellWord(`${file.name}:${user}`)).join(" ")}`,
    );
  if (failure !== undefined) await pulumi.log.warn(`could not ask the cluster who is logged in: ${failure}`);
  return observation;
}
