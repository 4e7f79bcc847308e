import { loggedIn, type LoggedIn, userMayDoEverything } from "./access";
import type { ClusterClient } from "./cluster-client";
import { type Served, servedSince } from "./served-settings";

/** Who has shown that another administrator can log in, or why nobody has. */
export type Proof = { readonly who: string } | { readonly why: string; readonly loggedInBefore: boolean };

export type ProofClient = Pick<ClusterClient, "get" | "list" | "send">;

/** Users of some identity providers who have logged in with the providers' present settings, and those who did it before only. */
export interface Logins {
  readonly served: Served;
  readonly present: readonly LoggedIn[];
  readonly former: readonly LoggedIn[];
}

export async function loginsOf(client: Pick<ClusterClient, "get" | "list">, providers: readonly string[], now: number): Promise<Logins> {
  const [served, logins] = await Promise.all([servedSince(client, now), loggedIn(client, providers)]);
  // The API's times are whole seconds: a token of the rollout's last one may be a former server's.
  const counts = ({ since }: LoggedIn) => "since" in served && since > served.since;
  return { served, present: logins.filter(counts), former: logins.filter((login) => !counts(login)) };
}

/** Whether a login of somebody's own, in use at this moment, is that of an administrator with the present settings. */
export async function loginProof(client: ProofClient, providers: readonly string[], now: number): Promise<Proof> {
  const { served, present, former } = await loginsOf(client, providers, now);
  for (const { user, provider } of present)
    if (await userMayDoEverything(client, user)) return { who: `${user} of ${provider} is logged in, and may do everything` };
  const details = [
    "why" in served ? served.why : `served since ${new Date(served.since).toISOString().replace(".000Z", "Z")}`,
    ...(present.length > 0 ? [`logged in: ${namesOf(present)}`] : []),
    ...(former.length > 0 ? [`logged in before: ${namesOf(former)}`] : []),
  ].join("; ");
  const why = `nobody of ${providers.join(", ")} who may do everything has logged in with the present settings (${details})`;
  return { why, loggedInBefore: former.length > 0 };
}

function namesOf(logins: readonly LoggedIn[]): string {
  return logins.map(({ user }) => user).join(", ");
}
