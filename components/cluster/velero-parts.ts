import type * as pulumi from "@pulumi/pulumi";
import type { VeleroConfiguration } from "../../config/velero/settings";
import type { ProgramName } from "../../steps/run";
import type { VeleroStorage } from "../velero-storage";
import type { ClusterApi, ClusterCommandArgs } from "./cluster-api";

type Declare = (part: string, object: Parameters<ClusterApi["object"]>[1], dependsOn?: readonly pulumi.Resource[]) => pulumi.CustomResource;

/** How the parts of Velero are declared, with the component as their parent. */
export interface VeleroParts {
  readonly object: Declare;
  readonly patch: Declare;
  readonly command: (
    part: string,
    program: ProgramName,
    args: ClusterCommandArgs,
    dependsOn: readonly pulumi.Resource[],
  ) => pulumi.CustomResource;
  /** The objects that connect Velero to the cluster's monitoring. */
  readonly monitoring: (namespace: pulumi.Resource) => readonly pulumi.Resource[];
}

/** Velero as it runs on one of the distributions. */
export interface VeleroRuntime {
  /** Deleted after the server. Velero's objects depend on it, so that they are deleted before it. */
  readonly removal: pulumi.Resource;
  /** These resources exist when Velero runs, or will run, with the cluster's own location. */
  readonly ready: readonly pulumi.Resource[];
}

/** Parameters of the functions that run Velero. */
export interface VeleroRunArgs {
  readonly settings: VeleroConfiguration;
  readonly storage: VeleroStorage;
  readonly region: string;
  readonly infraRoles?: readonly pulumi.Resource[];
  readonly parts: VeleroParts;
}
