import { reasonOf } from "../diagnosis/attempts";
import type { ApiItem, ClusterClient } from "../authentication/cluster-client";
import { type Clock, systemClock } from "../clock";

/** A label of the program's on a machine's node. */
export interface NodeLabel {
  readonly node: string;
  /** The machine, by its instance's ID: another one is another node, even of the same name. */
  readonly machine: string;
  readonly label: string;
  readonly value: string;
}

export type NodeClient = Pick<ClusterClient, "get" | "send">;

interface Node extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Minutes for a machine to become a node: twice the ten or so that it takes to boot two times, the second one with its pool's system, and to get its certificates. */
const PATIENCE_MINUTES = 20;

const PAUSE = 5000;

/**
 * Labels a machine's node as soon as that is ready. Never earlier: server-side apply would make a node of that name which no machine is behind, and the machine's own
 * kubelet would find its name taken.
 *
 * @throws Error when there is no ready node in time.
 */
export async function setNodeLabel(
  client: NodeClient,
  { node, machine, label, value }: NodeLabel,
  clock: Clock = systemClock,
): Promise<void> {
  for (const deadline = clock.now() + PATIENCE_MINUTES * 60_000; ;) {
    const reason = await lackOf(client, node);
    if (reason === undefined) break;
    if (clock.now() >= deadline)
      throw new Error(
        `the machine ${machine} is no ready node ${node} after ${PATIENCE_MINUTES} minutes: ${reason}. See its console's log and the cluster's certificate requests (oc get csr); then run pulumi up again`,
      );
    await clock.pause(PAUSE);
  }
  await client.send("PATCH", pathOf(node), { metadata: { labels: { [label]: value } } });
}

/** Takes the label away, unless the node is gone, or has another value by now. */
export async function removeNodeLabel(client: NodeClient, { node, label, value }: NodeLabel): Promise<void> {
  const found = await client.get<Node>(pathOf(node));
  if (found?.metadata.labels?.[label] === value) await client.send("PATCH", pathOf(node), { metadata: { labels: { [label]: null } } });
}

/** What a node lacks to be used; undefined when it is nothing. */
async function lackOf(client: NodeClient, name: string): Promise<string | undefined> {
  try {
    const node = await client.get<Node>(pathOf(name));
    if (node === undefined) return "there is no such node";
    return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true
      ? undefined
      : "the node is not ready";
  } catch (error) {
    // A balancer that has just lost a control plane machine answers the next time.
    return `the API gave no answer: ${reasonOf(error)}`;
  }
}

function pathOf(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}
