import { reasonOf } from "../diagnosis/attempts";
import { type ApiItem, type ClusterClient, RefusedByApi } from "../authentication/cluster-client";
import { type Clock, systemClock } from "../clock";
import { type Condition, statusOf } from "../conditions";
import { isNodeOf, type NodeMachine, type ProvidedNode } from "./machine-node";

/** Labels and taints of the program's on a machine's node. */
export interface NodeMarks extends NodeMachine {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export type NodeClient = Pick<ClusterClient, "get" | "list" | "send">;

interface Node extends ProvidedNode {
  readonly metadata: ApiItem["metadata"] & { readonly resourceVersion?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: ProvidedNode["spec"] & { readonly taints?: readonly Taint[] };
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
  const { machine, labels, taints } = marks;
  let name: string | undefined;
  for (const deadline = clock.now() + PATIENCE_MINUTES * 60_000; name === undefined;) {
    const looked = await lookFor(client, marks);
    if ("name" in looked) name = looked.name;
    else if (clock.now() < deadline) await clock.pause(PAUSE);
    else
      throw new Error(
        `the machine ${machine} is no ready node after ${PATIENCE_MINUTES} minutes: ${looked.lack}. See its console's log and the cluster's certificate requests (make diagnose shows why one is refused); then run pulumi up again`,
      );
  }
  await change(client, name, (found) => ({
    labels,
    taints: [...(found.spec?.taints ?? []).filter((each) => !taints.some((own) => sameTaint(own, each))), ...taints],
  }));
}

/** Takes the marks away, unless the node is gone, or a label has another value by now. */
export async function removeNodeMarks(client: NodeClient, marks: NodeMarks): Promise<void> {
  const { labels, taints } = marks;
  const node = await findNode(client, marks);
  if (node === undefined) return;
  await change(client, node.metadata.name, ({ metadata, spec }) => {
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

/** The name of a machine's node that is ready, or what it lacks. */
async function lookFor(client: NodeClient, machine: NodeMachine): Promise<{ readonly name: string } | { readonly lack: string }> {
  try {
    const node = await findNode(client, machine);
    if (node === undefined) return { lack: "it has not joined the cluster" };
    const { name } = node.metadata;
    return statusOf(node.status?.conditions, "Ready") === "True" ? { name } : { lack: `its node ${name} is not ready` };
  } catch (error) {
    // A balancer that has just lost a control plane machine answers the next time.
    return { lack: `the API gave no answer: ${reasonOf(error)}` };
  }
}

async function findNode(client: NodeClient, machine: NodeMachine): Promise<Node | undefined> {
  return (await client.list<Node>("/api/v1/nodes")).find((node) => isNodeOf(node, machine));
}

function pathOf(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}
