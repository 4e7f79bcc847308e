import { type Clock, systemClock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import type { VeleroName } from "./api";
import { readStored } from "./download";

/** Messages of a backup or restore. A message about a namespace begins with the namespace's name and a colon. */
export type Messages = readonly string[];

/** Velero's messages by place: `velero`, `cluster`, or a namespace. */
interface Result {
  readonly velero?: readonly string[] | null;
  readonly cluster?: readonly string[] | null;
  readonly namespaces?: Readonly<Record<string, readonly string[]>> | null;
}

/**
 * Reads the errors and warnings of a backup or restore that has ended.
 *
 * @returns the messages; if they can't be read, `unread` with the reason
 */
export async function readResults(
  kind: "Backup" | "Restore",
  object: VeleroName,
  client: Pick<ClusterClient, "get" | "send" | "delete">,
  clock: Clock = systemClock,
): Promise<{ readonly errors: Messages; readonly warnings: Messages } | { readonly unread: string }> {
  const stored = await readStored(`${kind}Results`, object, client, clock);
  if ("unread" in stored) return stored;
  const { errors, warnings } = stored.document as { errors?: Result; warnings?: Result };
  return { errors: messagesOf(errors), warnings: messagesOf(warnings) };
}

function messagesOf({ velero, cluster, namespaces }: Result = {}): Messages {
  const inNamespaces = Object.entries(namespaces ?? {}).flatMap(([namespace, texts]) => texts.map((text) => `${namespace}: ${text}`));
  return [...(velero ?? []), ...(cluster ?? []), ...inNamespaces];
}
