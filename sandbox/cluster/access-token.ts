import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Api, ApiError, type KubeObject } from "./api";

const path = "/apis/oauth.openshift.io/v1/oauthaccesstokens";

/** Seconds that a token is good for where the OAuth object says nothing else (openshift/api, `config/v1/types_oauth.go`). */
const lifetimeSeconds = 24 * 3600;

/** Whom a token speaks for. */
export interface TokenUser {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

interface StoredToken extends KubeObject {
  userName: string;
  userUID: string;
  expiresIn: number;
}

/** The user that an installation has before any is configured, and the groups that the cluster gives it. */
export const kubeAdmin = { name: "kube:admin", groups: ["system:cluster-admins", "system:authenticated"] };

/** With which it goes. */
export const kubeAdminSecret = "/api/v1/namespaces/kube-system/secrets/kubeadmin";

/** Makes a token for a user, as OpenShift's OAuth server does: the cluster keeps no more than its digest. */
export async function issueToken(
  api: Api,
  { name, uid = randomUUID() }: { readonly name: string; readonly uid?: string },
  clientName: string,
): Promise<{ readonly token: string; readonly lifetimeSeconds: number }> {
  const token = `sha256~${randomBytes(32).toString("base64url")}`;
  await api.create({
    apiVersion: "oauth.openshift.io/v1",
    kind: "OAuthAccessToken",
    metadata: { name: storedName(token) },
    clientName,
    userName: name,
    userUID: uid,
    scopes: ["user:full"],
    expiresIn: lifetimeSeconds,
  });
  return { token, lifetimeSeconds };
}

/** Whom a token speaks for; undefined for one that is unknown, was deleted or has expired. */
export async function userOf(api: Api, token: string): Promise<TokenUser | undefined> {
  if (!token.startsWith("sha256~")) return undefined;
  const stored = await api.get<StoredToken>(`${path}/${storedName(token)}`);
  if (stored === undefined) return undefined;
  const made = Date.parse(String(stored.metadata.creationTimestamp));
  if (Date.now() > made + stored.expiresIn * 1000) return undefined;
  const { userName: name, userUID: uid } = stored;
  if (name === kubeAdmin.name) return (await api.get(kubeAdminSecret)) && { name, uid, groups: kubeAdmin.groups };
  // A token is the user's for whom it was made, and not another's of the same name.
  const user = await api.get(`/apis/user.openshift.io/v1/users/${name}`);
  return user?.metadata.uid === uid ? { name, uid, groups: [...(await groupsOf(api, name)), ...everyUsers] } : undefined;
}

const everyUsers = ["system:authenticated", "system:authenticated:oauth"];

async function groupsOf(api: Api, user: string): Promise<string[]> {
  const groups = await api.list<KubeObject & { users?: string[] | null }>("/apis/user.openshift.io/v1/groups").catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  });
  return groups.flatMap(({ metadata, users }) => (users?.includes(user) === true ? [metadata.name ?? ""] : []));
}

/** In hexadecimal digits: a definition's objects can't have OpenShift's own names, which have capital letters. */
function storedName(token: string): string {
  return `sha256-${createHash("sha256").update(token.slice("sha256~".length)).digest("hex")}`;
}
