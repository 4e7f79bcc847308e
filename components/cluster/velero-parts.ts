import type * as pulumi from "@pulumi/pulumi";
import type { VeleroConfiguration } from "../../config/velero/settings";
import type { ProgramName } from "../../steps/run";
import type { VeleroStorage } from "../velero-storage";
import type { ClusterApi, ClusterCommandArgs } from "./cluster-api";

type Declare = (part: string, object: Parameters<ClusterApi["object"]>[1], dependsOn?: readonly pulumi.Resource[]) => pulumi.CustomResource;

/** Functions that declare the parts of Velero, with the component as the parent. */
export interface VeleroParts {
  readonly object: Declare;
  /** An object that Velero may have created. */
  readonly adopt: Declare;
  readonly patch: Declare;
  readonly command: (
    part: string,
    program: ProgramName,
    args: ClusterCommandArgs,
    dependsOn: readonly pulumi.Resource[],
  ) => pulumi.CustomResource;
  /** The objects that connect Velero to the cluster's monitoring. */
  readonly monitoring: (namespace: pulumi.Resource) => readonly pulumi.Resource[];
  /** The Secret with the password of the repositories, and the network policy of the node agent; none without a password. */
  readonly repositories: (after: readonly pulumi.Resource[]) => readonly pulumi.Resource[];
}

/** The result of a function that runs Velero on OKD or on OpenShift. */
export interface VeleroRuntime {
  /** The command that runs on delete after the server is deleted. Velero's objects depend on it, so they are deleted before it runs. */
  readonly removal: pulumi.Resource;
  /** When these resources exist, the cluster's own location exists, and Velero runs or is starting. */
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
