import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../diagnosis/attempts";
import { loggedIn, mayDoEverything, userMayDoEverything } from "./access";
import { ClusterClient } from "./cluster-client";
import { logIn, logOut, routerAuthorities } from "./login";

/** What may be read by everybody of what is asked for. */
export interface KubeadminRemoval {
  readonly oauthHost: string;
  /** Identity providers whose users count. */
  readonly providers: readonly string[];
  /** Whom the configuration makes administrators. */
  readonly admins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** Seconds for the authentication operator to roll a new identity provider out. */
  readonly patienceSeconds: number;
}

/** What may not. */
export interface KubeadminSecrets {
  readonly kubeconfig: string;
  /** Of administrators whose password is known, by user. */
  readonly passwords: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly removed: boolean;
  /** Who logged in, or why kubeadmin stays. */
  readonly because: string;
}

export const KUBEADMIN = "/api/v1/namespaces/kube-system/secrets/kubeadmin";

/** Milliseconds between two attempts. */
const PAUSE = 2000;

/**
 * Removes `kubeadmin`, once another administrator has really logged in: earlier, a wrong provider would mean a new installation. A login is one that is made here, with
 * a password that the configuration has, or somebody's own that is in use at this moment.
 */
export async function removeKubeadmin(request: KubeadminRemoval, secrets: KubeadminSecrets): Promise<Outcome> {
  const client = new ClusterClient(secrets.kubeconfig);
  if ((await client.get(KUBEADMIN)) === undefined) return { removed: true, because: "it was gone already" };
  const proof = await proofOf(client, request, secrets);
  if ("why" in proof) return { removed: false, because: proof.why };
  await client.delete(KUBEADMIN);
  return { removed: true, because: proof.who };
}

type Proof = { readonly who: string } | { readonly why: string };

async function proofOf(client: ClusterClient, request: KubeadminRemoval, { kubeconfig, passwords }: KubeadminSecrets): Promise<Proof> {
  const logins = await loggedIn(client, request.providers);
  for (const { user, provider } of logins)
    if (await userMayDoEverything(client, user)) return { who: `${user} of ${provider} is logged in, and may do everything` };
  const idle = `nobody of ${request.providers.join(", ")} who may do everything is logged in${logins.length === 0 ? "" : ` (logged in: ${logins.map(({ user }) => user).join(", ")})`}`;
  if (Object.keys(passwords).length === 0) return { why: `${idle}: log in once as ${wanted(request)}, then run pulumi up again` };

  const reasons = new Map(Object.keys(passwords).map((user) => [user, "not tried"]));
  const open = new Map(Object.entries(passwords));
  for (const deadline = Date.now() + request.patienceSeconds * 1000; ;) {
    for (const [user, password] of open) {
      try {
        const ca = await routerAuthorities(client);
        const login = await logIn(request.oauthHost, ca, user, password);
        if ("refused" in login) reasons.set(user, login.refused);
        else if (await maySoon(ClusterClient.holderOf(login.token, kubeconfig))) {
          await logOut(client, login.token);
          return { who: `${user} has logged in, and may do everything` };
        } else {
          await logOut(client, login.token);
          reasons.set(user, "logged in, but may not do everything");
          open.delete(user);
        }
      } catch (error) {
        reasons.set(user, `the login failed: ${reasonOf(error)}`);
      }
    }
    if (open.size === 0 || Date.now() + PAUSE > deadline) break;
    await sleep(PAUSE);
  }
  return { why: `${[...reasons].map(([user, reason]) => `${user}: ${reason}`).join("; ")}; ${idle}` };
}

/** The API server learns of new bindings and tokens in a moment. */
async function maySoon(client: ClusterClient): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await mayDoEverything(client)) return true;
    await sleep(1000);
  }
  return false;
}

function wanted({ admins: { users, groups } }: KubeadminRemoval): string {
  return [...users, ...groups.map((group) => `a member of ${group}`)].join(" or ");
}
