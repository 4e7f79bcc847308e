import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { type Condition, conditionOf, statusOf } from "../../lib/kubernetes/conditions";
import { isNodeOf, type NodeMachine, type ProvidedNode } from "./machine-node";

export type ControlPlaneClient = Pick<ClusterClient, "get" | "list">;

/** A node or an operator. */
interface Reporting extends ApiItem {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Pod extends Reporting {
  readonly spec: { readonly nodeName?: string };
  readonly status?: Reporting["status"] & {
    readonly containerStatuses?: readonly { readonly state?: { readonly running?: { readonly startedAt: string } } }[];
  };
}

/** A control plane instance that was started, and the time of the start. */
export interface StartedInstance extends NodeMachine {
  readonly at: Date;
}

/** Operators whose operands run on every control plane node, and the conditions they must have before an instance is stopped (OpenShift, "Updating hardware on nodes": the cluster must be healthy before a control plane node is stopped). */
const operators = ["etcd", "kube-apiserver"];
const STABLE_CONDITIONS: Readonly<Record<string, string>> = { Available: "True", Degraded: "False", Progressing: "False" };

/**
 * The operands themselves. They are checked too, because an operator reports a failed member only after the member has
 * been down for some minutes (openshift/cluster-etcd-operator, `pkg/operator/starter.go`: the inertia of its conditions).
 * Source of the labels: the operators' `bindata`.
 */
const operands = [
  { operand: "etcd", path: podsOf("openshift-etcd", "app=etcd") },
  { operand: "API server", path: podsOf("openshift-kube-apiserver", "app=openshift-kube-apiserver") },
];

/**
 * The reason why the control plane would not work at the moment if one of its instances were stopped; undefined if it would work.
 *
 * @param started an instance that was started: its operands must have started after it
 * @throws Error if the API does not answer
 */
export async function controlPlaneObstacle(client: ControlPlaneClient, started?: StartedInstance): Promise<string | undefined> {
  const masters = await client.list<Reporting & ProvidedNode>(
    `/api/v1/nodes?labelSelector=${encodeURIComponent("node-role.kubernetes.io/master")}`,
  );
  const names = masters.map(({ metadata }) => metadata.name);
  const startedNode = started && masters.find((node) => isNodeOf(node, started))?.metadata.name;
  if (started !== undefined && startedNode === undefined) return `the instance ${started.machine} is not a control plane node`;
  const resting = masters.filter(({ status }) => statusOf(status?.conditions, "Ready") !== "True").map(({ metadata }) => metadata.name);
  if (resting.length > 0) return `${resting.join(", ")} ${resting.length === 1 ? "is" : "are"} not ready`;
  for (const { operand, path } of operands) {
    const pods = await client.list<Pod>(path);
    for (const name of names) {
      const since = startedNode === name ? started?.at : undefined;
      if (!pods.some((pod) => pod.spec.nodeName === name && isReadySince(pod, since))) return `${operand} on ${name} is not ready`;
    }
  }
  for (const name of operators) {
    const conditions = (await client.get<Reporting>(`/apis/config.openshift.io/v1/clusteroperators/${name}`))?.status?.conditions;
    const wrong = Object.keys(STABLE_CONDITIONS).find((type) => statusOf(conditions, type) !== STABLE_CONDITIONS[type]);
    if (wrong === undefined) continue;
    const message = conditionOf(conditions, wrong)?.message ?? "";
    return `the cluster operator ${name} has ${wrong} ${statusOf(conditions, wrong) ?? "unknown"}${message === "" ? "" : `: ${message}`}`;
  }
  return undefined;
}

function isReadySince({ status }: Pod, since: Date | undefined): boolean {
  if (statusOf(status?.conditions, "Ready") !== "True") return false;
  const containers = status?.containerStatuses ?? [];
  return since === undefined || containers.every(({ state }) => new Date(state?.running?.startedAt ?? 0) >= since);
}

function podsOf(namespace: string, selector: string): string {
  return `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
}
