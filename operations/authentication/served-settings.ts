import { conditionOf } from "../conditions";
import type { ApiItem, ClusterClient } from "./cluster-client";

/** When the OAuth servers began to serve the identity providers' present settings, or why they don't. */
export type Served = { readonly since: number } | { readonly why: string };

interface Reference {
  readonly name?: string;
}

/** An object with the times at which each of its writers last changed it. */
interface Written extends ApiItem {
  readonly metadata: ApiItem["metadata"] & {
    readonly managedFields?: readonly { readonly time?: string; readonly subresource?: string }[];
  };
}

/** openshift/api, `config/v1/types_oauth.go`: each provider has its type's settings under a key of their own. */
interface OAuth extends Written {
  readonly spec?: { readonly identityProviders?: readonly Readonly<Record<string, unknown>>[] };
}

interface ClusterOperator {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime: string }[];
  };
}

/** Seconds after which a change that no rollout has followed needs none; a rollout takes as long at most: the operator restarts one server after the other. */
const SETTLED_SECONDS = 600;

/**
 * Since when who logs in does it through the identity providers as they are configured now. Until then the OAuth servers have the former settings, which a
 * login says nothing about the present ones with.
 *
 * @param now milliseconds since 1970.
 */
export async function servedSince(client: Pick<ClusterClient, "get">, now: number): Promise<Served> {
  const [changed, operator] = await Promise.all([
    lastChange(client),
    client.get<ClusterOperator>("/apis/config.openshift.io/v1/clusteroperators/authentication"),
  ]);
  const progressing = conditionOf(operator?.status?.conditions, "Progressing");
  if (progressing === undefined) return { why: "the cluster operator authentication doesn't say since when they are served" };
  const ended = Date.parse(progressing.lastTransitionTime);
  const settled = changed + SETTLED_SECONDS * 1000;
  if (progressing.status === "False" && ended >= changed) return { since: ended };
  if (progressing.status === "False" && now >= settled) return { since: settled };
  return { why: "they are being rolled out" };
}

/** When the OAuth object, or a secret or a config map of its providers, was last changed. */
async function lastChange(client: Pick<ClusterClient, "get">): Promise<number> {
  const oauth = await client.get<OAuth>("/apis/config.openshift.io/v1/oauths/cluster");
  const referred = await Promise.all((oauth?.spec?.identityProviders ?? []).flatMap(pathsOf).map((path) => client.get<Written>(path)));
  return Math.max(0, ...[oauth, ...referred].flatMap((object) => (object === undefined ? [] : timesOf(object))));
}

/** What a provider's settings refer to: an authority in a config map, everything else in a secret. */
function pathsOf(provider: Readonly<Record<string, unknown>>): string[] {
  const settings = Object.values(provider).filter((value) => typeof value === "object" && value !== null);
  return settings.flatMap((fields) =>
    Object.entries(fields as Record<string, Reference | undefined>).flatMap(([key, value]) =>
      typeof value?.name === "string" && value.name !== ""
        ? [`/api/v1/namespaces/openshift-config/${key === "ca" ? "configmaps" : "secrets"}/${encodeURIComponent(value.name)}`]
        : [],
    ),
  );
}

function timesOf({ metadata: { creationTimestamp, managedFields = [] } }: Written): number[] {
  const written = managedFields.filter(({ subresource }) => subresource !== "status").map(({ time }) => time);
  return [creationTimestamp, ...written].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
}
