import type { ApiItem, ClusterClient } from "../authentication/cluster-client";

export type ControlPlaneClient = Pick<ClusterClient, "get" | "list">;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface Node extends ApiItem {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly nodeInfo?: { readonly bootID: string } };
}

interface Operator extends ApiItem {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Operators whose operands are on every master, and the state of each in which one master may go (OpenShift, "Updating hardware on nodes": the cluster is healthy before a master is stopped). */
const operators = ["etcd", "kube-apiserver"];
const settled: Readonly<Record<string, string>> = { Available: "True", Degraded: "False", Progressing: "False" };

/**
 * What a control plane lacks to go on without one of its machines; undefined when it is nothing.
 *
 * @throws Error when the API gives no answer
 */
export async function lackOfControlPlane(client: ControlPlaneClient): Promise<string | undefined> {
  const masters = await client.list<Node>(`/api/v1/nodes?labelSelector=${encodeURIComponent("node-role.kubernetes.io/master")}`);
  const resting = masters.filter(({ status }) => statusOf(status?.conditions, "Ready") !== "True").map(({ metadata }) => metadata.name);
  if (resting.length > 0) return `${resting.join(", ")} ${resting.length === 1 ? "is" : "are"} not ready`;
  for (const name of operators) {
    const conditions = (await client.get<Operator>(`/apis/config.openshift.io/v1/clusteroperators/${name}`))?.status?.conditions;
    const wrong = Object.keys(settled).find((type) => statusOf(conditions, type) !== settled[type]);
    if (wrong === undefined) continue;
    const message = conditions?.find(({ type }) => type === wrong)?.message ?? "";
    return `the cluster operator ${name} has ${wrong} ${statusOf(conditions, wrong) ?? "unknown"}${message === "" ? "" : `: ${message}`}`;
  }
  return undefined;
}

/** The kernel's name of a node's present boot: another one after each. */
export async function bootOf(client: ControlPlaneClient, node: string): Promise<string | undefined> {
  return (await client.get<Node>(`/api/v1/nodes/${encodeURIComponent(node)}`))?.status?.nodeInfo?.bootID;
}

function statusOf(conditions: readonly Condition[] | undefined, wanted: string): string | undefined {
  return conditions?.find(({ type }) => type === wanted)?.status;
}
