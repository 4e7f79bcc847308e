import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Restoration } from "../../operations/restore/restore";
import { ownProgram } from "../own-program";
import type { ClusterApi } from "./cluster-api";

export interface RestoredArgs {
  /** What is set while it is declared, where no patch can say it. */
  readonly fields?: Restoration;
  readonly api: ClusterApi;
  readonly restoration: Restoration;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  /** With it goes the whole cluster. */
  readonly identity: pulumi.Resource;
}

/**
 * What is set when a patch's declaration is taken out, where dropped fields are not the cluster's default: where nobody puts that back in time, or where
 * the last field of a required `spec` would go, which the API server refuses (kubernetes-sigs/structured-merge-diff leaves null in its place).
 */
export function restored(name: string, args: RestoredArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  return new command.local.Command(
    name,
    {
      interpreter: ownProgram("operations/restore/cli.ts"),
      ...(args.fields && { create: JSON.stringify(args.fields) }),
      delete: JSON.stringify(args.restoration),
      stdin: pulumi.secret(args.kubeconfig),
    },
    // A patch that it depends on goes after it, when its fields have been taken over.
    pulumi.mergeOptions(opts, { dependsOn: args.api.installed, deletedWith: args.identity }),
  );
}
