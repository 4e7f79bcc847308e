import type * as pulumi from "@pulumi/pulumi";
import type { Restoration } from "../../steps/restore/restore";
import type { ClusterApi } from "./cluster-api";

export interface KubernetesPatchArgs {
  /** Patch that is applied on create, for fields that `ClusterApi.patch` cannot set. */
  readonly applyPatch?: Restoration;
  readonly api: ClusterApi;
  readonly restorePatch: Restoration;
}

/**
 * Applies a restore patch on delete, where dropping a patch's fields would not bring back the cluster's default. That is so if no operator
 * restores the default in time, or if the last field of a required `spec` would be dropped, which the API server refuses
 * (kubernetes-sigs/structured-merge-diff leaves null in its place).
 */
export function kubernetesPatch(name: string, args: KubernetesPatchArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { api, applyPatch, restorePatch } = args;
  return api.command(name, "restore", { ...(applyPatch && { create: applyPatch }), delete: restorePatch }, opts);
}
