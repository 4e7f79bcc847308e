import { type Clock, systemClock } from "../../lib/clock";
import { type AccessToken, identities, type UserIdentity } from "./access";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { untilRefused } from "./served-file";

/** The user to remove. */
export interface UserRemoval {
  /** The identity provider of type HTPasswd. */
  readonly provider: string;
  readonly user: string;
}

interface User extends ApiItem {
  readonly identities?: readonly string[] | null;
}

/**
 * Maximum number of passes. A login during a pass may create removed objects again; if that happens more often, a server still has the former file.
 */
const PASSES = 3;

const USERS = "/apis/user.openshift.io/v1";
const TOKENS = "/apis/oauth.openshift.io/v1";

/** The calls to the cluster's API that the removal of a user needs. */
export type UserClient = Pick<ClusterClient, "get" | "list" | "send" | "delete">;

/**
 * Removes the objects of a user who is no longer in the provider's file: the tokens, the identity and, if it was the user's only identity, the user.
 * OpenShift itself removes none of these objects, and the tokens stay valid. First waits until the OAuth servers have the new file: until then a
 * login would create everything again.
 *
 * @throws Error if the OAuth servers don't get the file in time; a later update tries again.
 */
export async function removeUser({ provider, user }: UserRemoval, client: UserClient, clock: Clock = systemClock): Promise<void> {
  await untilRefused(client, user, clock);
  const names = new Set<string>();
  for (let pass = 0; pass <= PASSES; pass++) {
    const own = (await identities(client)).filter((each) => each.providerName === provider && each.providerUserName === user);
    for (const identity of own) if (identity.user?.name) names.add(identity.user.name);
    // The tokens are deleted even if the user has other identities, because a token does not show its identity. The deletion is repeated after the identity is
    // gone, for tokens that were issued meanwhile.
    for (const name of names) await endLogins(client, name);
    if (own.length === 0) return;
    for (const identity of own) await removeIdentity(client, identity, `${provider}:${user}`);
  }
  throw new Error(
    `${user} of ${provider} logs in again and again: check that every OAuth server has the new file (see the cluster operator authentication)`,
  );
}

async function removeIdentity(client: UserClient, { metadata, user }: UserIdentity, reference: string): Promise<void> {
  const name = user?.name ?? "";
  const path = `${USERS}/users/${encodeURIComponent(name)}`;
  const account = name === "" ? undefined : await client.get<User>(path);
  const others = (account?.identities ?? []).filter((each) => ![reference, metadata.name].includes(each));
  if (account !== undefined && others.length > 0) await client.send("PUT", path, { ...account, identities: others });
  else if (account !== undefined) await client.delete(path);
  // The identity is deleted last, because a later attempt finds the user's other objects through the identity.
  await client.delete(`${USERS}/identities/${encodeURIComponent(metadata.name)}`);
}

async function endLogins(client: UserClient, user: string): Promise<void> {
  for (const kind of ["oauthaccesstokens", "oauthauthorizetokens"]) {
    const tokens = await client.list<AccessToken>(`${TOKENS}/${kind}`);
    for (const { metadata, userName } of tokens)
      if (userName === user) await client.delete(`${TOKENS}/${kind}/${encodeURIComponent(metadata.name)}`);
  }
}
