import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../../lib/reason";
import { TolerantReader } from "../../lib/temporary-error";
import type { ClusterInput } from "../cluster-input";
import { mayDoEverything } from "./access";
import { ClusterClient } from "../../lib/kubernetes/client";
import { logIn, logOut, routerCas } from "./login";
import { loginProof, type LoginProof } from "./login-proof";

/** The part of the request that is not secret. */
export interface KubeadminRemoval {
  readonly oauthHost: string;
  /** Identity providers whose administrators can replace kubeadmin. */
  readonly providers: readonly string[];
  /** Administrators in the configuration. */
  readonly admins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** Seconds that the authentication operator may take to roll out a new identity provider. */
  readonly timeoutSeconds: number;
}

/** The secret part of the request, in addition to the kubeconfig. */
export interface KubeadminSecrets {
  /** Known passwords of administrators, by user. */
  readonly passwords: Readonly<Record<string, string>>;
}

export interface RemovalOutcome {
  readonly removed: boolean;
  /** Who logged in, or why kubeadmin stays. */
  readonly because: string;
}

export const KUBEADMIN = "/api/v1/namespaces/kube-system/secrets/kubeadmin";

/** Milliseconds between two attempts. */
const PAUSE_MS = 2000;

/**
 * Removes `kubeadmin` once another administrator has really logged in. Without kubeadmin and with a wrong identity provider, nobody could log in,
 * and the cluster would have to be installed again. There are two proofs: this program logs in with a password in the configuration, or an
 * administrator is logged in and made that login after the OAuth servers began to use the providers' current settings. An earlier login only proves
 * that the former settings worked.
 */
export async function removeKubeadmin(request: KubeadminRemoval, secrets: ClusterInput<KubeadminSecrets>): Promise<RemovalOutcome> {
  const client = new ClusterClient(secrets.kubeconfig);
  if ((await client.get(KUBEADMIN)) === undefined) return { removed: true, because: "it had already been removed" };
  const attempts = new PasswordLogins(client, request.oauthHost, secrets);
  const reader = new TolerantReader({ of: "the cluster's API", say: (line) => process.stderr.write(`${line}\n`) });
  for (const deadline = Date.now() + request.timeoutSeconds * 1000; ;) {
    const asked = await reader.read(async () => {
      const proof = (await attempts.next()) ?? (await loginProof(client, request.providers, Date.now()));
      if ("who" in proof) await client.delete(KUBEADMIN);
      return proof;
    });
    const late = Date.now() + PAUSE_MS > deadline;
    if (asked === undefined) {
      if (late) return { removed: false, because: reader.lastFailure.trim() };
    } else if ("who" in asked.answer) return { removed: true, because: asked.answer.who };
    else if (late || !attempts.areOpen) return { removed: false, because: reasonsOf(request, attempts, asked.answer) };
    await sleep(PAUSE_MS);
  }
}

function reasonsOf(
  request: KubeadminRemoval,
  { reasons }: PasswordLogins,
  { why, loggedInBefore }: Exclude<LoginProof, { who: string }>,
): string {
  if (reasons.size > 0) return `${[...reasons].map(([user, reason]) => `${user}: ${reason}`).join("; ")}; ${why}`;
  return `${why}: log in once${loggedInBefore ? " again" : ""} as ${administratorsText(request)}, then run pulumi up again`;
}

/** Logins with the known passwords. */
class PasswordLogins {
  /** The reason why the login failed, by user. */
  readonly reasons = new Map<string, string>();
  private readonly open: Map<string, string>;

  constructor(
    private readonly client: ClusterClient,
    private readonly oauthHost: string,
    private readonly secrets: ClusterInput<KubeadminSecrets>,
  ) {
    this.open = new Map(Object.entries(secrets.passwords));
  }

  /** Whether another attempt to log in may succeed. */
  get areOpen(): boolean {
    return this.open.size > 0;
  }

  /** Tries each password once. */
  async next(): Promise<{ readonly who: string } | undefined> {
    for (const [user, password] of this.open) {
      try {
        const ca = await routerCas(this.client);
        const login = await logIn(this.oauthHost, ca, user, password);
        if ("refused" in login) this.reasons.set(user, login.refused);
        else if (await this.mayDoEverything(login.token)) return { who: `${user} has logged in, and may do everything` };
        else {
          this.reasons.set(user, "the login succeeded, but the user may not do everything");
          this.open.delete(user);
        }
      } catch (error) {
        this.reasons.set(user, `the login failed: ${reasonOf(error)}`);
      }
    }
    return undefined;
  }

  private async mayDoEverything(token: string): Promise<boolean> {
    const may = await maySoon(ClusterClient.withToken(token, this.secrets.kubeconfig));
    await logOut(this.client, token);
    return may;
  }
}

/** Whether the user has all permissions. Asks several times, because the API server uses new bindings and tokens only after a moment. */
async function maySoon(client: ClusterClient): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await mayDoEverything(client)) return true;
    await sleep(1000);
  }
  return false;
}

function administratorsText({ admins: { users, groups } }: KubeadminRemoval): string {
  return [...users, ...groups.map((group) => `a member of ${group}`)].join(" or ");
}
