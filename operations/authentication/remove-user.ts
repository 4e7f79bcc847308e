import { type Clock, systemClock } from "../clock";
import { type AccessToken, identities, type Identity } from "./access";
import type { ApiItem, ClusterClient } from "./cluster-client";
import { untilRefused } from "./served-file";

/** Whose traces go. */
export interface UserRemoval {
  /** The identity provider of type HTPasswd. */
  readonly provider: string;
  readonly user: string;
}

interface User extends ApiItem {
  readonly identities?: readonly string[] | null;
}

/** Times that a login may bring back what is removed: more would mean that some server has the former file. */
const PASSES = 3;

const USERS = "/apis/user.openshift.io/v1";
const TOKENS = "/apis/oauth.openshift.io/v1";

/** What it asks of the cluster's API. */
export type UserClient = Pick<ClusterClient, "get" | "list" | "send" | "delete">;

/**
 * Removes what is left of a user who is in the provider's file no more: tokens, identity, and the user, unless that has other identities too. OpenShift itself
 * removes none of them, and tokens stay good. Begins when the OAuth servers have the new file: before, a login would bring all of it back.
 *
 * @throws Error when they don't get it in time; a later update tries again.
 */
export async function removeUser({ provider, user }: UserRemoval, client: UserClient, clock: Clock = systemClock): Promise<void> {
  await untilRefused(client, user, clock);
  const names = new Set<string>();
  for (let pass = 0; pass <= PASSES; pass++) {
    const own = (await identities(client)).filter((each) => each.providerName === provider && each.providerUserName === user);
    for (const identity of own) if (identity.user?.name) names.add(identity.user.name);
    // With other identities, too, since a token doesn't say which one it was got with; and once more when the identity is gone, with what it was got.
    for (const name of names) await endLogins(client, name);
    if (own.length === 0) return;
    for (const identity of own) await removeIdentity(client, identity, `${provider}:${user}`);
  }
  throw new Error(
    `${user} of ${provider} logs in again and again: see that every OAuth server has the new file (the cluster operator authentication)`,
  );
}

async function removeIdentity(client: UserClient, { metadata, user }: Identity, reference: string): Promise<void> {
  const name = user?.name ?? "";
  const path = `${USERS}/users/${encodeURIComponent(name)}`;
  const account = name === "" ? undefined : await client.get<User>(path);
  const others = (account?.identities ?? []).filter((each) => ![reference, metadata.name].includes(each));
  if (account !== undefined && others.length > 0) await client.send("PUT", path, { ...account, identities: others });
  else if (account !== undefined) await client.delete(path);
  // Last, since it is what the rest is found by.
  await client.delete(`${USERS}/identities/${encodeURIComponent(metadata.name)}`);
}

async function endLogins(client: UserClient, user: string): Promise<void> {
  for (const kind of ["oauthaccesstokens", "oauthauthorizetokens"]) {
    const tokens = await client.list<AccessToken>(`${TOKENS}/${kind}`);
    for (const { metadata, userName } of tokens)
      if (userName === user) await client.delete(`${TOKENS}/${kind}/${encodeURIComponent(metadata.name)}`);
  }
}
