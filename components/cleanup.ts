import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanupTarget } from "../steps/cleanup/resource-kind";
import { ownProgram } from "./own-command";

export interface CleanupArgs {
  /** The cluster's identity, network and hosted zones. */
  readonly target: pulumi.Input<CleanupTarget>;
}

/**
 * Cleanup: on destroy, deletes the resources that the cluster itself created in AWS. The instances depend on the cleanup, so it runs after the
 * instances are deleted and before the network is deleted.
 */
export class Cleanup extends pulumi.ComponentResource {
  /** Resource on which the instances must depend. */
  readonly done: pulumi.Resource;

  constructor(name: string, { target }: CleanupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cleanup:Cleanup", name, {}, opts);
    this.done = new command.local.Command(
      name,
      { interpreter: ownProgram("cleanup"), delete: pulumi.jsonStringify(target) },
      { parent: this, ...(opts?.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.registerOutputs();
  }
}
