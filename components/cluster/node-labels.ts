import * as pulumi from "@pulumi/pulumi";
import type { NodeLabelsAndTaints, LabelsAndTaintsRequest } from "../../steps/nodes/node-labels";
import type { ClusterApi } from "./cluster-api";

export interface NodeLabelsAndTaintsArgs extends Pick<NodeLabelsAndTaints, "labels" | "taints"> {
  readonly api: ClusterApi;
  /** The node's EC2 instance. */
  readonly instance: Pick<pulumi.CustomResource, "id"> & { readonly privateDns: pulumi.Output<string> };
}

/**
 * Sets labels and taints on an instance's node: the node whose provider ID has the instance's ID. A patch of the Kubernetes provider would not
 * do: it uses server-side apply, which would create a Node object if none exists yet. For a replaced instance, the labels and taints are set
 * again. They are not removed from the old instance's node, because that node is deleted with its instance.
 */
export function nodeLabelsAndTaints(name: string, args: NodeLabelsAndTaintsArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { api, instance, labels, taints } = args;
  const wanted = pulumi
    .all([instance.id, instance.privateDns])
    .apply(([machine, node]): NodeLabelsAndTaints => ({ node, machine, labels, taints }));
  const asked = (action: "set" | "remove") => wanted.apply((own): LabelsAndTaintsRequest => ({ action, ...own }));
  return api.command(name, "node-labels", { create: asked("set"), delete: asked("remove") }, opts);
}
