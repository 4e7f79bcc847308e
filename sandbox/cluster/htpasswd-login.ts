import { compare } from "bcryptjs";
import type { Api, KubeObject } from "./api";

interface OAuth extends KubeObject {
  readonly spec?: {
    readonly identityProviders?: readonly {
      readonly name: string;
      readonly type: string;
      readonly htpasswd?: { readonly fileData: { name: string } };
    }[];
  };
}

interface User extends KubeObject {
  identities?: string[] | null;
}

const users = "/apis/user.openshift.io/v1/users";

/**
 * The part of OpenShift's OAuth server that authenticates users of HTPasswd identity providers, with the current OAuth object and its
 * Secrets. A user's first login creates User and Identity, with the mapping method `claim`.
 *
 * @returns undefined if no file has this name and password
 * @throws Error if the real server would refuse this login too, or if the user's name can't be stored here (aggregated-groups.ts).
 */
export async function logInByFile(api: Api, name: string, password: string): Promise<{ name: string; uid: string } | undefined> {
  const oauth = await api.get<OAuth>("/apis/config.openshift.io/v1/oauths/cluster");
  for (const { name: provider, type, htpasswd } of oauth?.spec?.identityProviders ?? []) {
    if (type !== "HTPasswd" || htpasswd === undefined) continue;
    const path = `/api/v1/namespaces/openshift-config/secrets/${htpasswd.fileData.name}`;
    const secret = await api.get<KubeObject & { data?: { htpasswd?: string } }>(path);
    const hash = hashOf(Buffer.from(secret?.data?.htpasswd ?? "", "base64").toString("utf8"), name);
    if (hash !== undefined && (await isPassword(password, hash))) return mapIdentity(api, provider, name);
  }
  return undefined;
}

/** The user's password hash. If the file has several lines for the user, the last one is used. */
function hashOf(file: string, user: string): string | undefined {
  const line = file.split("\n").findLast((each) => each.startsWith(`${user}:`));
  return line?.slice(user.length + 1);
}

/** The real server also accepts two weaker kinds of hashes (openshift/oauth-server, `pkg/authenticator/password/htpasswd`). */
async function isPassword(password: string, hash: string): Promise<boolean> {
  if (!/^\$2[ay]\$/.test(hash)) throw new Error("Unrecognized hash type");
  return compare(password, hash);
}

async function mapIdentity(api: Api, provider: string, name: string): Promise<{ name: string; uid: string }> {
  const identity = `${provider}:${name}`;
  await api.create({ apiVersion: "user.openshift.io/v1", kind: "User", metadata: { name }, identities: [identity] });
  const user = await api.get<User>(`${users}/${name}`);
  const uid = user?.metadata.uid;
  if (uid === undefined || user?.identities?.includes(identity) !== true)
    throw new Error(`user ${name} can't be claimed by identity ${identity} because it is already mapped to ${String(user?.identities)}`);
  await api.create({
    apiVersion: "user.openshift.io/v1",
    kind: "Identity",
    metadata: { name: `${provider}.${name}` },
    providerName: provider,
    providerUserName: name,
    user: { name, uid },
  });
  return { name, uid };
}
