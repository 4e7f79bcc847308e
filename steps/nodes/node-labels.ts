import { reasonOf } from "../../lib/reason";
import { type ApiItem, type ClusterClient, RefusedByApi } from "../../lib/kubernetes/client";
import { type Clock, systemClock } from "../../lib/clock";
import { type Condition, statusOf } from "../../lib/kubernetes/conditions";
import { isNodeOf, type NodeMachine, type ProvidedNode } from "./machine-node";

/** The labels and taints that the program sets on an instance's node. */
export interface NodeLabelsAndTaints extends NodeMachine {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

/** The request of the program `node-labels`. */
export type LabelsAndTaintsRequest = NodeLabelsAndTaints & { readonly action: "set" | "remove" };

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

/**
 * Minutes for an instance to become a node. It needs about ten minutes to boot, to reboot with its pool's operating system, and to get its
 * certificates; the limit is twice that.
 */
const TIMEOUT_MINUTES = 20;

const PAUSE_MS = 5000;

/**
 * Maximum number of retries of a change after a conflict. In a conflict somebody else has written the node meanwhile; its kubelet writes it every few
 * minutes.
 */
const MAX_CONFLICTS = 10;

/**
 * Sets labels and taints on an instance's node once the node is ready. Before the node exists, server-side apply would create a node object of that
 * name, and the instance's kubelet would find its name taken.
 *
 * @throws Error if the node is not ready in time.
 */
export async function setLabelsAndTaints(client: NodeClient, wanted: NodeLabelsAndTaints, clock: Clock = systemClock): Promise<void> {
  const { machine, labels, taints } = wanted;
  let name: string | undefined;
  for (const deadline = clock.now() + TIMEOUT_MINUTES * 60_000; name === undefined;) {
    const looked = await lookFor(client, wanted);
    if ("name" in looked) name = looked.name;
    else if (clock.now() < deadline) await clock.pause(PAUSE_MS);
    else
      throw new Error(
        `the instance ${machine} is not a ready node after ${TIMEOUT_MINUTES} minutes: ${looked.lack}. See its console output and the cluster's CSRs (make diagnose shows why one is refused); then run pulumi up again`,
      );
  }
  await change(client, name, (found) => ({
    labels,
    taints: [...(found.spec?.taints ?? []).filter((each) => !taints.some((own) => sameTaint(own, each))), ...taints],
  }));
}

/** Removes the labels and taints, unless the node no longer exists. A label with another value is kept. */
export async function removeLabelsAndTaints(client: NodeClient, wanted: NodeLabelsAndTaints): Promise<void> {
  const { labels, taints } = wanted;
  const node = await findNode(client, wanted);
  if (node === undefined) return;
  await change(client, node.metadata.name, ({ metadata, spec }) => {
    const own = Object.keys(labels).filter((label) => metadata.labels?.[label] === labels[label]);
    return {
      labels: Object.fromEntries(own.map((label) => [label, null])),
      taints: (spec?.taints ?? []).filter((each) => !taints.some((taint) => sameTaint(taint, each))),
    };
  });
}

interface Change {
  readonly labels: Readonly<Record<string, string | null>>;
  /** All taints that the node has afterwards: the API can't add a single taint. */
  readonly taints: readonly Taint[];
}

/** Writes the differences, only if the node has not changed since it was read: other programs also write the node's taints. */
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
      if (!(error instanceof RefusedByApi && error.status === 409) || conflicts >= MAX_CONFLICTS) throw error;
    }
  }
}

/**
 * Two taints are the same if they have the same key and effect, even with different values: a node can't have both (kubernetes/api,
 * `core/v1/taint.go`: MatchTaint).
 */
function sameTaint(one: Taint, other: Taint): boolean {
  return one.key === other.key && one.effect === other.effect;
}

/** The name of the instance's ready node, or why it is not ready. */
async function lookFor(client: NodeClient, machine: NodeMachine): Promise<{ readonly name: string } | { readonly lack: string }> {
  try {
    const node = await findNode(client, machine);
    if (node === undefined) return { lack: "it has not joined the cluster" };
    const { name } = node.metadata;
    return statusOf(node.status?.conditions, "Ready") === "True" ? { name } : { lack: `its node ${name} is not ready` };
  } catch (error) {
    // The caller tries again: the load balancer may just have lost a control plane instance.
    return { lack: `the API did not answer: ${reasonOf(error)}` };
  }
}

async function findNode(client: NodeClient, machine: NodeMachine): Promise<Node | undefined> {
  return (await client.list<Node>("/api/v1/nodes")).find((node) => isNodeOf(node, machine));
}

function pathOf(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}`;
}
