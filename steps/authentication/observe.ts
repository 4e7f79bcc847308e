import { htpasswdSecretName, htpasswdUsers } from "../../cluster-objects/authentication/htpasswd";
import { reasonOf } from "../../lib/reason";
import { identities, userGroups } from "./access";
import { ClusterClient } from "../../lib/kubernetes/client";
import { loginsOf } from "./login-proof";
import { KUBEADMIN } from "./remove-kubeadmin";

/** The values to read from a running cluster before its authentication is declared. */
export interface AuthenticationQuery {
  /** Identity providers whose administrators can replace kubeadmin. */
  readonly providers: readonly string[];
  /** Administrators in the configuration. Their current permissions do not matter, since this update may change them. */
  readonly admins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** The provider of type HTPasswd and its configured users. */
  readonly htpasswd?: { readonly provider: string; readonly users: readonly string[] };
}

export interface Observation {
  /** Whether kubeadmin exists; undefined if the cluster did not answer. */
  readonly kubeadmin?: boolean;
  /**
   * One text for each administrator who has logged in with the providers' current settings: user name, provider and time of the login. Empty
   * if kubeadmin does not exist.
   */
  readonly loggedInAdministrators: readonly string[];
  /** Users of the provider of type HTPasswd who are neither in the configuration nor in the cluster's file. */
  readonly undeclared: readonly string[];
  /** The reason why the cluster did not answer. */
  readonly failure?: string;
}

/**
 * Reads whether kubeadmin exists, which administrators have logged in, and which htpasswd users are undeclared. If the cluster does not
 * answer, these values stay unknown: a preview must work without the cluster.
 */
export async function observeAuthentication(kubeconfig: string, question: AuthenticationQuery): Promise<Observation> {
  try {
    const client = new ClusterClient(kubeconfig);
    const [secret, undeclared] = await Promise.all([client.get(KUBEADMIN), undeclaredUsers(client, question)]);
    if (secret === undefined) return { kubeadmin: false, loggedInAdministrators: [], undeclared };
    const [{ present }, groups] = await Promise.all([loginsOf(client, question.providers, Date.now()), userGroups(client)]);
    const members = groups.filter(({ metadata }) => question.admins.groups.includes(metadata.name)).flatMap(({ users }) => users ?? []);
    const admins = new Set([...question.admins.users, ...members]);
    // The text contains the time of the login, so a new login after a change of the providers changes the text, which triggers another attempt.
    const loggedInAdministrators = present
      .filter(({ user }) => admins.has(user))
      .map(({ user, provider, since }) => `${user} of ${provider} since ${new Date(since).toISOString()}`);
    return { kubeadmin: true, loggedInAdministrators, undeclared };
  } catch (error) {
    return { loggedInAdministrators: [], undeclared: [], failure: reasonOf(error) };
  }
}

/**
 * Users that are neither configured nor in the cluster's file. Users that this update removes are not among them, because they are still in the
 * file.
 */
async function undeclaredUsers(client: ClusterClient, { htpasswd }: AuthenticationQuery): Promise<string[]> {
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
