import { reasonOf } from "../diagnosis/attempts";
import { type ApiItem, type ClusterClient, RefusedByApi } from "../authentication/cluster-client";
import { type Clock, systemClock } from "../clock";
import { type Condition, statusOf } from "./conditions";

/** Labels and taints of the program's on a machine's node. */
export interface NodeMarks {
  readonly node: string;
  /** The machine, by its instance's ID: another one is another node, even of the same name. */
  readonly machine: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export type NodeClient = Pick<ClusterClient, "get" | "send">;

interface Node extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly resourceVersion?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly taints?: readonly Taint[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Minutes for a machine to become a node: twice the ten or so that it takes to boot two times, the second one with its pool's system, and to get its certificates. */
const PATIENCE_MINUTES = 20;

const PAUSE = 5000;

/** Times that a change is made anew because somebody else has written the node meanwhile; its kubelet writes every few minutes. */
const MOST_CONFLICTS = 10;

/**
 * Marks a machine's node as soon as that is ready. Never earlier: server-side apply would make a node of that name which no machine is behind, and the machine's own
 * kubelet would find its name taken.
 *
 * @throws Error when there is no ready node in time.
 */
export async function setNodeMarks(client: NodeClient, marks: NodeMarks, clock: Clock = systemClock): Promise<void> {
  const { node, machine, labels, taints } = marks;
  for (const deadline = clock.now() + PATIENCE_MINUTES * 60_000; ;) {
    const reason = await lackOf(client, node);
    if (reason === undefined) break;
    if (clock.now() >= deadline)
      throw new Error(
        `the machine ${machine} is no ready node ${node} after ${PATIENCE_MINUTES} minutes: ${reason}. See its console's log and the cluster's certificate requests (oc get csr); then run pulumi up again`,
      );
    await clock.pause(PAUSE);
  }
  await change(client, node, (found) => ({
    labels,
    taints: [...(found.spec?.taints ?? []).filter((each) => !taints.some((own) => sameTaint(own, each))), ...taints],
  }));
}

/** Takes the marks away, unless the node is gone, or a label has another value by now. */
export async function removeNodeMarks(client: NodeClient, { node, labels, taints }: NodeMarks): Promise<void> {
  await change(client, node, ({ metadata, spec }) => {
    const own = Object.keys(labels).filter((label) => metadata.labels?.[label] === labels[label]);
    return {
      labels: Object.fromEntries(own.map((label) => [label, null])),
      taints: (spec?.taints ?? []).filter((each) => !taints.some((mark) => sameTaint(mark, each))),
    };
  });
}

interface Change {
  readonly labels: Readonly<Record<string, string | null>>;
  /** All that the node has afterwards: the API can't add to them. */
  readonly taints: readonly Taint[];
}

/** Writes what differs, for the node as it was read: its taints are others' too. */
async function change(client: NodeClient, name: string, changeOf: (node: Node) => Change): Promise<void> {
  for (let conflicts = 0; ; conflicts++) {
    const found = await client.get<Node>(pathOf(name));
    if (found === undefined) return;
    const { labels, taints } = changeOf(found);
    const differs = JSON.stringify(taints) !== JSON.stringify(found.spec?.taints ?? []);
    if (Object.keys(labels).length === 0 && !differs) return;
    try {
      const { resourceVersion } = found.metadata;
      await client.send("PATCH", pathOf(name), { metadata: { resourceVersion, labels }, ...(differs && { spec: { taints } }) });
      return;
    } catch (error) {
      if (!(error instanceof RefusedByApi && error.status === 409) || conflicts >= MOST_CONFLICTS) throw error;
    }
  }
}

/** A node has one taint of a key and an effect, whatever its value (kubernetes/api, `core/v1/taint.go`: MatchTaint). */
function sameTaint(one: Taint, other: Taint): boolean {
  return one.key === other.key && one.effect === other.effect;
}

/** What a node lacks to be used; undefined when it is nothing. */
async function lackOf(client: NodeClient, name: string): Promise<string | undefined> {
  try {
    const node = await client.get<Node>(pathOf(name));
    if (node === undefined) return "there is no such node";
    return statusOf(node.status?.conditions, "Ready") === "True" ? undefined : "the node is not ready";
  } catch (error) {
    // A balancer that has just lost a control plane machine answers the next time.
    return `the API gave no answer: ${reasonOf(error)}`;
  }
}

function pathOf(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}
