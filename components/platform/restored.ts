import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Restoration } from "../../operations/restore/restore";
import { ownProgram } from "../own-program";

export interface RestoredArgs {
  /** The patch with whose declaration the fields go. */
  readonly patch: pulumi.Resource;
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
      delete: JSON.stringify(args.restoration),
      stdin: pulumi.secret(args.kubeconfig),
    },
    // Goes before the patch does, and takes its fields over.
    pulumi.mergeOptions(opts, { dependsOn: args.patch, deletedWith: args.identity }),
  );
}
