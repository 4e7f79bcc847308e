import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeMarks } from "../../operations/nodes/node-marks";
import { ownProgram } from "../own-program";
import type { ClusterApi } from "./cluster-api";

export interface NodeMarksArgs extends Pick<NodeMarks, "labels" | "taints"> {
  readonly api: ClusterApi;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The node's machine. */
  readonly instance: Pick<pulumi.CustomResource, "id"> & { readonly privateDns: pulumi.Output<string> };
}

/**
 * Labels and taints of a machine's node, which is found by the machine it names as its provider. No patch: the provider applies one, and applying makes a node that isn't there yet. Of
 * another machine they are set anew, and not taken from the former one's node, which goes with it.
 */
export function nodeMarks(name: string, args: NodeMarksArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { api, kubeconfig, instance, labels, taints } = args;
  const wanted = pulumi.all([instance.id, instance.privateDns]).apply(([machine, node]): NodeMarks => ({ node, machine, labels, taints }));
  const asked = (action: "set" | "remove") => wanted.apply((own) => JSON.stringify({ action, ...own }));
  return new command.local.Command(
    name,
    {
      interpreter: ownProgram("operations/nodes/marks-cli.ts"),
      create: asked("set"),
      delete: asked("remove"),
      stdin: pulumi.secret(kubeconfig),
    },
    pulumi.mergeOptions(opts, { dependsOn: api.installed, deletedWith: api.identity }),
  );
}
