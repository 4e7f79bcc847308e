import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { AuthenticationConfiguration } from "../../config/authentication/settings";
import type { Observation } from "../../steps/authentication/observe";
import type { KubeadminRemoval, KubeadminSecrets, RemovalOutcome } from "../../steps/authentication/remove-kubeadmin";
import { oauthHost } from "../../cluster-objects/authentication/oauth";
import type { ClusterApi } from "./cluster-api";

/**
 * Seconds until all OAuth servers must know a new identity provider: the operator restarts the three servers one after the other, each in one or
 * two minutes.
 */
const loginTimeoutSeconds = 600;

export interface KubeadminRemovalArgs {
  readonly api: ClusterApi;
  readonly clusterDomain: string;
  readonly authentication: AuthenticationConfiguration;
  readonly observation: Observation;
}

/**
 * Removes kubeadmin once another administrator has logged in. If nobody has logged in, the removal is tried again after a
 * change of the administrators, of a password, or of the set of administrators who have logged in. It is not tried again
 * once kubeadmin is gone, nor while the cluster does not answer.
 *
 * @returns a text that says whether kubeadmin has been removed, and why or why not; "not known" if this update left the attempt out.
 */
export function declareKubeadminRemoval(
  name: string,
  args: KubeadminRemovalArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { api, clusterDomain, authentication, observation } = args;
  const { clusterAdmins, identityProviders, htpasswdUsers } = authentication;
  const request: KubeadminRemoval = {
    oauthHost: oauthHost(clusterDomain),
    providers: identityProviders.map((provider) => provider.name),
    admins: clusterAdmins,
    timeoutSeconds: loginTimeoutSeconds,
  };
  const known = clusterAdmins.users.flatMap((user) => {
    const password = htpasswdUsers.get(user);
    return password === undefined ? [] : [[user, password.reveal()] as const];
  });
  const secrets: KubeadminSecrets = { passwords: Object.fromEntries(known) };
  const finished = observation.kubeadmin === false || observation.failure !== undefined;
  const { stdout } = api.command(
    name,
    "remove-kubeadmin",
    {
      create: request,
      secrets,
      triggers: [observation.loggedInAdministrators.join(", ")],
      logging: command.local.Logging.None,
      frozen: finished,
    },
    opts,
  );
  return stdout.apply((text?: string) => {
    // If an update leaves the attempt out (`--target`, `--exclude`), the command has no output.
    if (text === undefined || text === "") return "not known";
    const { removed, because } = JSON.parse(text) as RemovalOutcome;
    if (removed) return `removed: ${because}`;
    return observation.kubeadmin === false ? "removed: it is gone" : `stays: ${because}`;
  });
}
