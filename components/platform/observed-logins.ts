import * as pulumi from "@pulumi/pulumi";
import { shellWord } from "../../config/finding";
import type { Authentication } from "../../config/platform/authentication";
import type { Observation } from "../../operations/authentication/observe";

/** Of a cluster that can't be asked yet, or needn't be. */
export const unobserved: Observation = { successors: [], undeclared: [] };

/**
 * Asks a running cluster who is logged in, and warns of users of the file that nobody declared. Here, in the program, since it decides what is declared and takes no
 * longer than a question to AWS.
 */
export async function observeLogins(authentication: Authentication, kubeconfig: string): Promise<Observation> {
  const { identityProviders, htpasswdUsers, clusterAdmins, removeKubeadmin } = authentication;
  const file = identityProviders.find(({ type }) => type === "HTPasswd");
  if (file === undefined && !removeKubeadmin) return unobserved;
  const { observe } = await import("../../operations/authentication/observe");
  const observation = await observe(kubeconfig, {
    providers: identityProviders.map(({ name }) => name),
    admins: clusterAdmins,
    ...(file && { htpasswd: { provider: file.name, users: [...htpasswdUsers.keys()] } }),
  });
  const { undeclared, failure } = observation;
  if (undeclared.length > 0 && file !== undefined)
    await pulumi.log.warn(
      `the cluster knows users of ${file.name} who are not in htpasswdUsers: ${undeclared.join(", ")}. They can't log in, but tokens that they have stay good: ` +
        `oc delete user ${undeclared.map(shellWord).join(" ")}; oc delete identity ${undeclared.map((user) => shellWord(`${file.name}:${user}`)).join(" ")}`,
    );
  if (failure !== undefined) await pulumi.log.warn(`the cluster doesn't say who is logged in: ${failure}`);
  return observation;
}
