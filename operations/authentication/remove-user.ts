import { setTimeout as sleep } from "node:timers/promises";
import { htpasswdUsers } from "../../platform/authentication/htpasswd";
import { type AccessToken, identities } from "./access";
import { type ApiItem, ClusterClient } from "./cluster-client";

/** Whose traces go. */
export interface UserRemoval {
  /** The identity provider of type HTPasswd. */
  readonly provider: string;
  readonly user: string;
}

interface Secret extends ApiItem {
  readonly data?: Readonly<Record<string, string>>;
}

interface User extends ApiItem {
  readonly identities?: readonly string[] | null;
}

/** Seconds for the authentication operator to hand a changed file to the OAuth servers: it restarts one after the other. */
const PATIENCE_SECONDS = 600;

const PAUSE = 2000;

const USERS = "/apis/user.openshift.io/v1";
const TOKENS = "/apis/oauth.openshift.io/v1";

/**
 * Removes what is left of a user who is in the provider's file no more: tokens, identity, and the user, unless that has other identities too. OpenShift itself
 * removes none of them, and tokens stay good. Begins when the OAuth servers have the new file: before, a login would bring all of it back.
 *
 * @throws Error when they don't get it in time; a later update tries again.
 */
export async function removeUser({ provider, user }: UserRemoval, kubeconfig: string): Promise<void> {
  const client = new ClusterClient(kubeconfig);
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (await isStillServed(client, user)) {
    if (Date.now() > deadline)
      throw new Error(`the OAuth servers still let ${user} in after ${PATIENCE_SECONDS} s: see the cluster operator authentication`);
    await sleep(PAUSE);
  }
  const own = (await identities(client)).filter(
    ({ providerName, providerUserName }) => providerName === provider && providerUserName === user,
  );
  for (const identity of own) {
    const name = identity.user?.name ?? "";
    const account = name === "" ? undefined : await client.get<User>(`${USERS}/users/${encodeURIComponent(name)}`);
    // With other identities, too, since a token doesn't say which one it was got with.
    if (name !== "") await endLogins(client, name);
    const others = (account?.identities ?? []).filter((each) => ![`${provider}:${user}`, identity.metadata.name].includes(each));
    if (account !== undefined && others.length > 0)
      await client.send("PUT", `${USERS}/users/${encodeURIComponent(name)}`, { ...account, identities: others });
    else if (account !== undefined) await client.delete(`${USERS}/users/${encodeURIComponent(name)}`);
    // Last, since it is what the rest is found by.
    await client.delete(`${USERS}/identities/${encodeURIComponent(identity.metadata.name)}`);
  }
}

async function endLogins(client: ClusterClient, user: string): Promise<void> {
  for (const kind of ["oauthaccesstokens", "oauthauthorizetokens"]) {
    const tokens = await client.list<AccessToken>(`${TOKENS}/${kind}`);
    for (const { metadata, userName } of tokens)
      if (userName === user) await client.delete(`${TOKENS}/${kind}/${encodeURIComponent(metadata.name)}`);
  }
}

/** Whether a copy of a provider's file that the OAuth servers mount has the user, or they are being restarted. */
async function isStillServed(client: ClusterClient, user: string): Promise<boolean> {
  const [secrets, operator] = await Promise.all([
    client.list<Secret>("/api/v1/namespaces/openshift-authentication/secrets"),
    client.get<{ status?: { conditions?: readonly { type: string; status: string }[] } }>(
      "/apis/config.openshift.io/v1/clusteroperators/authentication",
    ),
  ]);
  // openshift/cluster-authentication-operator, `pkg/operator/datasync`.
  const files = secrets.filter(({ metadata }) => /^v4-0-config-user-idp-\d+-file-data$/.test(metadata.name));
  const served = files.some(({ data }) => htpasswdUsers(Buffer.from(data?.htpasswd ?? "", "base64").toString("utf8")).includes(user));
  const restarting = operator?.status?.conditions?.some(({ type, status }) => type === "Progressing" && status === "True") === true;
  return served || restarting;
}
