import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Restoration } from "../../steps/restore/restore";
import { ownProgram } from "../own-command";
import type { ClusterApi } from "./cluster-api";

export interface KubernetesPatchArgs {
  /** Patch that is applied on create, for fields that `ClusterApi.patch` cannot set. */
  readonly applyPatch?: Restoration;
  readonly api: ClusterApi;
  readonly restorePatch: Restoration;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The cluster's identity. If it is deleted, so is the whole cluster, and the restore patch is not applied. */
  readonly identity: pulumi.Resource;
}

/**
 * Applies a restore patch on delete, where dropping a patch's fields would not bring back the cluster's default. That is so if no operator
 * restores the default in time, or if the last field of a required `spec` would be dropped, which the API server refuses
 * (kubernetes-sigs/structured-merge-diff leaves null in its place).
 */
export function kubernetesPatch(name: string, args: KubernetesPatchArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  return new command.local.Command(
    name,
    {
      interpreter: ownProgram("restore"),
      ...(args.applyPatch && { create: JSON.stringify(args.applyPatch) }),
      delete: JSON.stringify(args.restorePatch),
      stdin: pulumi.secret(args.kubeconfig),
    },
    // A patch on which this depends is deleted after the restore patch, when its fields have another owner.
    pulumi.mergeOptions(opts, { dependsOn: args.api.installed, deletedWith: args.identity }),
  );
}
