import * as pulumi from "@pulumi/pulumi";
import type { NodeLabelsAndTaints, LabelsAndTaintsRequest } from "../../steps/nodes/node-labels";
import type { ClusterApi } from "./cluster-api";

export interface NodeLabelsAndTaintsArgs extends Pick<NodeLabelsAndTaints, "labels" | "taints"> {
  readonly api: ClusterApi;
  /** The node's EC2 instance. */
  readonly instance: Pick<pulumi.CustomResource, "id"> & { readonly privateDns: pulumi.Output<string> };
}

/**
 * Labels and taints of an instance's node, which is found by the instance in its provider ID. A patch would not do: the provider applies
 * patches, and applying creates a node that does not exist yet. For a replaced instance they are set again. They are not removed from the
 * old instance's node, which is deleted with it.
 */
export function nodeLabelsAndTaints(name: string, args: NodeLabelsAndTaintsArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { api, instance, labels, taints } = args;
  const wanted = pulumi
    .all([instance.id, instance.privateDns])
    .apply(([machine, node]): NodeLabelsAndTaints => ({ node, machine, labels, taints }));
  const asked = (action: "set" | "remove") => wanted.apply((own): LabelsAndTaintsRequest => ({ action, ...own }));
  return api.command(name, "node-labels", { create: asked("set"), delete: asked("remove") }, opts);
}
