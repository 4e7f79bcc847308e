import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Api, ApiError, type KubeObject } from "./api";

const path = "/apis/oauth.openshift.io/v1/oauthaccesstokens";

/** Lifetime of a token in seconds, unless the OAuth object sets a different lifetime (openshift/api, `config/v1/types_oauth.go`). */
const lifetimeSeconds = 24 * 3600;

/** The user that a token authenticates. */
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

/** The user that exists before any identity provider is configured, and the groups that the cluster gives it. */
export const kubeAdmin = { name: "kube:admin", groups: ["system:cluster-admins", "system:authenticated"] };

/** If this Secret is deleted, `kube:admin` can no longer log in. */
export const kubeAdminSecret = "/api/v1/namespaces/kube-system/secrets/kubeadmin";

/** Creates a token for a user, as OpenShift's OAuth server does. The cluster stores only the token's digest. */
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

/** The user that a token authenticates; undefined if the token is unknown, was deleted or has expired. */
export async function userOf(api: Api, token: string): Promise<TokenUser | undefined> {
  if (!token.startsWith("sha256~")) return undefined;
  const stored = await api.get<StoredToken>(`${path}/${storedName(token)}`);
  if (stored === undefined) return undefined;
  const made = Date.parse(String(stored.metadata.creationTimestamp));
  if (Date.now() > made + stored.expiresIn * 1000) return undefined;
  const { userName: name, userUID: uid } = stored;
  if (name === kubeAdmin.name) return (await api.get(kubeAdminSecret)) && { name, uid, groups: kubeAdmin.groups };
  // A token is valid only for the user object for which it was created, not for a later user object with the same name.
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

/** The digest in hexadecimal: objects of a CRD can't have OpenShift's own token names, which contain capital letters. */
function storedName(token: string): string {
  return `sha256-${createHash("sha256").update(token.slice("sha256~".length)).digest("hex")}`;
}
