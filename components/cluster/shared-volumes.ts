import * as pulumi from "@pulumi/pulumi";
import type { SharedVolume } from "../../config/efs/settings";
import { nfsVolume, volumeClaim } from "../../cluster-objects/shared-storage/volumes";
import type { ClusterApi } from "./cluster-api";

export interface SharedVolumesArgs {
  readonly api: ClusterApi;
  readonly volumes: readonly SharedVolume[];
  /** Host name of the file system, which resolves in the cluster's VPC. */
  readonly server: pulumi.Output<string>;
  /** The volumes are created after the mount targets: without one, a pod that mounts a volume would hang. */
  readonly mountTargets: readonly pulumi.Resource[];
}

/** PersistentVolumes on the cluster's EFS file system, and their claims. */
export class SharedVolumes extends pulumi.ComponentResource {
  constructor(name: string, { api, volumes, server, mountTargets }: SharedVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:SharedVolumes", name, {}, opts);
    for (const each of volumes) {
      // Most changes of a volume replace it, and the API server refuses a second volume with the same name. So the old one is deleted first.
      const child = { parent: this, deleteBeforeReplace: true };
      const volume = api.object(`${name}-${each.name}`, nfsVolume(each, server), {
        ...child,
        dependsOn: [...mountTargets],
        // `claimRef` reserves the volume for its claim. Changed in place, it would keep the UID of the former claim, and no other claim could
        // bind.
        replaceOnChanges: ["spec.claimRef"],
      });
      // A claim is deleted before its volume, which the cluster protects while the claim exists. A new volume needs a new claim: the old one
      // stays bound to the UID of the old volume.
      if (each.claim.create)
        api.object(`${name}-${each.name}-claim`, volumeClaim(each), { ...child, dependsOn: volume, replaceWith: [volume] });
    }
    this.registerOutputs();
  }
}
