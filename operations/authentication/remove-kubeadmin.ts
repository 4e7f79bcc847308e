import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../diagnosis/attempts";
import { Hiccups } from "../hiccup";
import { mayDoEverything } from "./access";
import { ClusterClient } from "./cluster-client";
import { logIn, logOut, routerAuthorities } from "./login";
import { loginProof, type Proof } from "./login-proof";

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
 * a password that the configuration has, or somebody's own that is in use at this moment and was made when the identity providers' present settings were served: an
 * earlier one shows that the former settings worked.
 */
export async function removeKubeadmin(request: KubeadminRemoval, secrets: KubeadminSecrets): Promise<Outcome> {
  const client = new ClusterClient(secrets.kubeconfig);
  if ((await client.get(KUBEADMIN)) === undefined) return { removed: true, because: "it was gone already" };
  const attempts = new PasswordLogins(client, request.oauthHost, secrets);
  const hiccups = new Hiccups({ of: "the cluster's API", say: (line) => process.stderr.write(`${line}\n`) });
  for (const deadline = Date.now() + request.patienceSeconds * 1000; ;) {
    const asked = await hiccups.ask(async () => {
      const proof = (await attempts.next()) ?? (await loginProof(client, request.providers, Date.now()));
      if ("who" in proof) await client.delete(KUBEADMIN);
      return proof;
    });
    const late = Date.now() + PAUSE > deadline;
    if (asked === undefined) {
      if (late) return { removed: false, because: hiccups.last.trim() };
    } else if ("who" in asked.answer) return { removed: true, because: asked.answer.who };
    else if (late || !attempts.areOpen) return { removed: false, because: reasonsOf(request, attempts, asked.answer) };
    await sleep(PAUSE);
  }
}

function reasonsOf(
  request: KubeadminRemoval,
  { reasons }: PasswordLogins,
  { why, loggedInBefore }: Exclude<Proof, { who: string }>,
): string {
  if (reasons.size > 0) return `${[...reasons].map(([user, reason]) => `${user}: ${reason}`).join("; ")}; ${why}`;
  return `${why}: log in once${loggedInBefore ? " again" : ""} as ${wanted(request)}, then run pulumi up again`;
}

/** Logins with the passwords that are known. */
class PasswordLogins {
  /** Why nobody got in, by user. */
  readonly reasons = new Map<string, string>();
  private readonly open: Map<string, string>;

  constructor(
    private readonly client: ClusterClient,
    private readonly oauthHost: string,
    private readonly secrets: KubeadminSecrets,
  ) {
    this.open = new Map(Object.entries(secrets.passwords));
  }

  /** Whether another attempt may end otherwise. */
  get areOpen(): boolean {
    return this.open.size > 0;
  }

  /** Tries each once. */
  async next(): Promise<{ readonly who: string } | undefined> {
    for (const [user, password] of this.open) {
      try {
        const ca = await routerAuthorities(this.client);
        const login = await logIn(this.oauthHost, ca, user, password);
        if ("refused" in login) this.reasons.set(user, login.refused);
        else if (await this.mayDoEverything(login.token)) return { who: `${user} has logged in, and may do everything` };
        else {
          this.reasons.set(user, "logged in, but may not do everything");
          this.open.delete(user);
        }
      } catch (error) {
        this.reasons.set(user, `the login failed: ${reasonOf(error)}`);
      }
    }
    return undefined;
  }

  private async mayDoEverything(token: string): Promise<boolean> {
    const may = await maySoon(ClusterClient.holderOf(token, this.secrets.kubeconfig));
    await logOut(this.client, token);
    return may;
  }
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
