import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeMarks } from "../../steps/nodes/node-labels";
import { ownProgram } from "../own-command";
import type { ClusterApi } from "./cluster-api";

export interface NodeLabelsAndTaintsArgs extends Pick<NodeMarks, "labels" | "taints"> {
  readonly api: ClusterApi;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The node's EC2 instance. */
  readonly instance: Pick<pulumi.CustomResource, "id"> & { readonly privateDns: pulumi.Output<string> };
}

/**
 * Labels and taints of an instance's node, which is found by the instance in its provider ID. A patch would not do: the provider applies
 * patches, and applying creates a node that does not exist yet. For a replaced instance they are set again. They are not removed from the
 * old instance's node, which is deleted with it.
 */
export function nodeLabelsAndTaints(name: string, args: NodeLabelsAndTaintsArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { api, kubeconfig, instance, labels, taints } = args;
  const wanted = pulumi.all([instance.id, instance.privateDns]).apply(([machine, node]): NodeMarks => ({ node, machine, labels, taints }));
  const asked = (action: "set" | "remove") => wanted.apply((own) => JSON.stringify({ action, ...own }));
  return new command.local.Command(
    name,
    {
      interpreter: ownProgram("node-labels"),
      create: asked("set"),
      delete: asked("remove"),
      stdin: pulumi.secret(kubeconfig),
    },
    pulumi.mergeOptions(opts, { dependsOn: api.installed, deletedWith: api.identity }),
  );
}
