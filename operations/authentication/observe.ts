import { htpasswdSecretName, htpasswdUsers } from "../../platform/authentication/htpasswd";
import { reasonOf } from "../diagnosis/attempts";
import { identities, userGroups } from "./access";
import { ClusterClient } from "./cluster-client";
import { loginsOf } from "./login-proof";
import { KUBEADMIN } from "./remove-kubeadmin";

/** What a running cluster is asked before its authentication is declared. */
export interface Question {
  /** Identity providers whose users count as kubeadmin's successors. */
  readonly providers: readonly string[];
  /** Whom the configuration makes administrators: what they may do already is no matter, since this update may change that. */
  readonly admins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** The provider of type HTPasswd with the users that are configured. */
  readonly htpasswd?: { readonly provider: string; readonly users: readonly string[] };
}

export interface Observation {
  /** Whether kubeadmin is there; undefined when the cluster didn't say. */
  readonly kubeadmin?: boolean;
  /** Administrators who have logged in with the providers' present settings, and when, while kubeadmin is there. */
  readonly successors: readonly string[];
  /** Users of the provider of type HTPasswd who are in neither the configuration nor the file that the cluster has. */
  readonly undeclared: readonly string[];
  /** Why the cluster didn't say. */
  readonly failure?: string;
}

/** Asks the cluster; what it doesn't answer is left open, since a preview has to work without it. */
export async function observe(kubeconfig: string, question: Question): Promise<Observation> {
  try {
    const client = new ClusterClient(kubeconfig);
    const [secret, undeclared] = await Promise.all([client.get(KUBEADMIN), undeclaredUsers(client, question)]);
    if (secret === undefined) return { kubeadmin: false, successors: [], undeclared };
    const [{ present }, groups] = await Promise.all([loginsOf(client, question.providers, Date.now()), userGroups(client)]);
    const members = groups.filter(({ metadata }) => question.admins.groups.includes(metadata.name)).flatMap(({ users }) => users ?? []);
    const admins = new Set([...question.admins.users, ...members]);
    // With its time: who logs in again after a change is worth another attempt.
    const successors = present
      .filter(({ user }) => admins.has(user))
      .map(({ user, provider, since }) => `${user} of ${provider} since ${new Date(since).toISOString()}`);
    return { kubeadmin: true, successors, undeclared };
  } catch (error) {
    return { successors: [], undeclared: [], failure: reasonOf(error) };
  }
}

/** Those whom this update takes out are in the cluster's file still. */
async function undeclaredUsers(client: ClusterClient, { htpasswd }: Question): Promise<string[]> {
  if (htpasswd === undefined) return [];
  const { provider, users } = htpasswd;
  const [secret, known] = await Promise.all([
    client.get<{ data?: { htpasswd?: string } }>(`/api/v1/namespaces/openshift-config/secrets/${htpasswdSecretName(provider)}`),
    identities(client),
  ]);
  const filed = htpasswdUsers(Buffer.from(secret?.data?.htpasswd ?? "", "base64").toString("utf8"));
  return known
    .filter(({ providerName, providerUserName }) => providerName === provider && ![...users, ...filed].includes(providerUserName))
    .map(({ providerUserName }) => providerUserName)
    .sort();
}
