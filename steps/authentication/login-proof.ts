import { loggedIn, type LoggedIn, userMayDoEverything } from "./access";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { type ServedSettings, servedSince } from "./served-settings";

/** The proof that another administrator can log in, or the reason why there is none. */
export type LoginProof = { readonly who: string } | { readonly why: string; readonly loggedInBefore: boolean };

export type ProofClient = Pick<ClusterClient, "get" | "list" | "send">;

/**
 * Users of these identity providers who are logged in now: `present` have logged in with the providers' current settings, `former` only with
 * earlier settings.
 */
export interface Logins {
  readonly served: ServedSettings;
  readonly present: readonly LoggedIn[];
  readonly former: readonly LoggedIn[];
}

export async function loginsOf(client: Pick<ClusterClient, "get" | "list">, providers: readonly string[], now: number): Promise<Logins> {
  const [served, logins] = await Promise.all([servedSince(client, now), loggedIn(client, providers)]);
  // Timestamps have one-second resolution, so a token issued in the second the rollout ended may come from an old server.
  const counts = ({ since }: LoggedIn) => "since" in served && since > served.since;
  return { served, present: logins.filter(counts), former: logins.filter((login) => !counts(login)) };
}

/**
 * Looks for the proof that another administrator can log in: a user with all permissions who has logged in with the providers' current settings and
 * is still logged in.
 */
export async function loginProof(client: ProofClient, providers: readonly string[], now: number): Promise<LoginProof> {
  const { served, present, former } = await loginsOf(client, providers, now);
  for (const { user, provider } of present)
    if (await userMayDoEverything(client, user)) return { who: `${user} of ${provider} is logged in, and may do everything` };
  const details = [
    "why" in served ? served.why : `served since ${new Date(served.since).toISOString().replace(".000Z", "Z")}`,
    ...(present.length > 0 ? [`logged in: ${namesOf(present)}`] : []),
    ...(former.length > 0 ? [`logged in before: ${namesOf(former)}`] : []),
  ].join("; ");
  const why = `no administrator of ${providers.join(", ")} has logged in with the current settings (${details})`;
  return { why, loggedInBefore: former.length > 0 };
}

function namesOf(logins: readonly LoggedIn[]): string {
  return logins.map(({ user }) => user).join(", ");
}
