import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";

/** Every verb on every resource and every path: the permissions of cluster-admin. */
const EVERYTHING = [
  { resourceAttributes: { verb: "*", group: "*", version: "*", resource: "*" } },
  { nonResourceAttributes: { verb: "*", path: "*" } },
];

const REVIEWS = "/apis/authorization.k8s.io/v1";
const USERS = "/apis/user.openshift.io/v1";

/** Groups of every user who is logged in to OpenShift. */
const EVERYBODY = ["system:authenticated", "system:authenticated:oauth"];

interface Review {
  readonly status?: { readonly allowed?: boolean };
}

/** Whether the client's user has all permissions. */
export async function mayDoEverything(client: Pick<ClusterClient, "send">): Promise<boolean> {
  return all((attributes) => ask(client, "SelfSubjectAccessReview", attributes));
}

/** Whether a user has all permissions, including the permissions of the user's groups in the cluster. */
export async function userMayDoEverything(client: Pick<ClusterClient, "list" | "send">, user: string): Promise<boolean> {
  const known = await userGroups(client);
  const groups = [...known.filter(({ users }) => users?.includes(user) === true).map(({ metadata }) => metadata.name), ...EVERYBODY];
  return all((attributes) => ask(client, "SubjectAccessReview", { user, groups, ...attributes }));
}

async function all(check: (attributes: object) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(EVERYTHING.map(check))).every(Boolean);
}

async function ask(
  client: Pick<ClusterClient, "send">,
  kind: "SubjectAccessReview" | "SelfSubjectAccessReview",
  spec: object,
): Promise<boolean> {
  const body = { apiVersion: "authorization.k8s.io/v1", kind, spec };
  const { status } = await client.send<Review>("POST", `${REVIEWS}/${kind.toLowerCase()}s`, body);
  return status?.allowed === true;
}

/** A group of users (openshift/api, `user/v1`). */
export interface UserGroup extends ApiItem {
  readonly users?: readonly string[] | null;
}

export async function userGroups(client: Pick<ClusterClient, "list">): Promise<readonly UserGroup[]> {
  return client.list<UserGroup>(`${USERS}/groups`);
}

/** A user's identity at an identity provider (openshift/api, `user/v1`). Identities are found by their fields, never by a composed name. */
export interface UserIdentity extends ApiItem {
  readonly providerName: string;
  readonly providerUserName: string;
  readonly user?: { readonly name?: string; readonly uid?: string };
}

/** A token of a logged-in user (openshift/api, `oauth/v1`). */
export interface AccessToken extends ApiItem {
  readonly userName: string;
  readonly userUID: string;
  readonly scopes?: readonly string[];
  /** Lifetime in seconds from the creation; 0: unlimited. */
  readonly expiresIn?: number;
  /** Inactivity timeout in seconds, counted from the token's creation. OpenShift increases it while the token is used. 0: no timeout. */
  readonly inactivityTimeoutSeconds?: number;
}

export async function identities(client: Pick<ClusterClient, "list">): Promise<readonly UserIdentity[]> {
  return client.list<UserIdentity>(`${USERS}/identities`);
}

export interface LoggedIn {
  readonly user: string;
  readonly provider: string;
  /** Creation time of the user's newest token, in milliseconds since 1970. */
  readonly since: number;
}

/** Users of these identity providers who are logged in now with a token of full scope. */
export async function loggedIn(client: Pick<ClusterClient, "list">, providers: readonly string[]): Promise<readonly LoggedIn[]> {
  const [known, tokens] = await Promise.all([
    identities(client),
    client.list<AccessToken>("/apis/oauth.openshift.io/v1/oauthaccesstokens"),
  ]);
  const live = tokens.filter((token) => isTokenValid(token, Date.now()));
  return known
    .filter(({ providerName }) => providers.includes(providerName))
    .flatMap(({ providerName, user: { name = "", uid = "" } = {} }) => {
      const own = live.filter(({ userName, userUID }) => userName === name && userUID === uid);
      const since = Math.max(...own.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? "")));
      return own.length === 0 ? [] : [{ user: name, provider: providerName, since }];
    })
    .sort((one, other) => (one.user < other.user ? -1 : 1));
}

export function isTokenValid({ metadata, scopes, expiresIn = 0, inactivityTimeoutSeconds = 0 }: AccessToken, now: number): boolean {
  const created = Date.parse(metadata.creationTimestamp ?? "");
  const limits = [expiresIn, inactivityTimeoutSeconds].filter((seconds) => seconds > 0);
  return scopes?.includes("user:full") === true && limits.every((seconds) => now < created + seconds * 1000);
}
