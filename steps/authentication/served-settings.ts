import { conditionOf } from "../../lib/kubernetes/conditions";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";

/** When the OAuth servers began to use the identity providers' current settings, or why they don't yet. */
export type ServedSettings = { readonly since: number } | { readonly why: string };

interface Reference {
  readonly name?: string;
}

/** An object with the time of the last change by each field manager. */
interface Written extends ApiItem {
  readonly metadata: ApiItem["metadata"] & {
    readonly managedFields?: readonly { readonly time?: string; readonly subresource?: string }[];
  };
}

/** openshift/api, `config/v1/types_oauth.go`: each provider has its settings under a key for its type. */
interface OAuth extends Written {
  readonly spec?: { readonly identityProviders?: readonly Readonly<Record<string, unknown>>[] };
}

interface ClusterOperator {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly lastTransitionTime: string }[];
  };
}

/**
 * Seconds from a change of the settings until all OAuth servers use the change, even if no rollout was seen. A rollout takes at most this
 * long: the operator restarts one server after the other.
 */
const SETTLED_SECONDS = 600;

/**
 * The time since which the OAuth servers use the identity providers' current settings. A login before that time proves nothing about these settings.
 *
 * @param now milliseconds since 1970.
 */
export async function servedSince(client: Pick<ClusterClient, "get">, now: number): Promise<ServedSettings> {
  const [changed, operator] = await Promise.all([
    lastChange(client),
    client.get<ClusterOperator>("/apis/config.openshift.io/v1/clusteroperators/authentication"),
  ]);
  const progressing = conditionOf(operator?.status?.conditions, "Progressing");
  if (progressing === undefined) return { why: "the cluster operator authentication doesn't report since when the settings are in use" };
  const ended = Date.parse(progressing.lastTransitionTime);
  const settled = changed + SETTLED_SECONDS * 1000;
  if (progressing.status === "False" && ended >= changed) return { since: ended };
  if (progressing.status === "False" && now >= settled) return { since: settled };
  return { why: "the settings are being rolled out" };
}

/** Time of the last change of the OAuth object, or of a secret or config map of its providers. */
async function lastChange(client: Pick<ClusterClient, "get">): Promise<number> {
  const oauth = await client.get<OAuth>("/apis/config.openshift.io/v1/oauths/cluster");
  const referred = await Promise.all((oauth?.spec?.identityProviders ?? []).flatMap(pathsOf).map((path) => client.get<Written>(path)));
  return Math.max(0, ...[oauth, ...referred].flatMap((object) => (object === undefined ? [] : timesOf(object))));
}

/** API paths of the objects that a provider's settings reference: a CA is in a config map, and all other values are in secrets. */
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
