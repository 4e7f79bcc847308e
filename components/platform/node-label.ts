import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodeLabel } from "../../operations/nodes/node-label";
import { ownProgram } from "../own-program";
import type { ClusterApi } from "./cluster-api";

export interface NodeLabelArgs {
  readonly api: ClusterApi;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The node's machine. */
  readonly instance: Pick<pulumi.CustomResource, "id"> & { readonly privateDns: pulumi.Output<string> };
  readonly label: string;
  readonly value: string;
}

/**
 * A label on a machine's node, which has the machine's own name. No patch: the provider applies one, and applying makes a node that isn't there yet. Of another
 * machine it is set anew, and not taken from the former one's node, which goes with it.
 */
export function nodeLabel(name: string, args: NodeLabelArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { api, kubeconfig, instance, label, value } = args;
  const wanted = pulumi.all([instance.id, instance.privateDns]).apply(([machine, node]): NodeLabel => ({ node, machine, label, value }));
  const asked = (action: "set" | "remove") => wanted.apply((own) => JSON.stringify({ action, ...own }));
  return new command.local.Command(
    name,
    {
      interpreter: ownProgram("operations/nodes/label-cli.ts"),
      create: asked("set"),
      delete: asked("remove"),
      stdin: pulumi.secret(kubeconfig),
    },
    pulumi.mergeOptions(opts, { dependsOn: api.installed, deletedWith: api.identity }),
  );
}
