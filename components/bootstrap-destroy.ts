import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { BootstrapDestroyRequest } from "../steps/bootstrap-destroy/cli";
import { milestoneParameter } from "./milestones";
import { ownProgram } from "./own-command";

export interface BootstrapDestroyArgs {
  readonly region: string;
  readonly infraId: pulumi.Input<string>;
  /** Undefined after the bootstrap destroy. */
  readonly bootstrap: pulumi.Input<BootstrapDestroyRequest["bootstrap"]>;
}

/**
 * Destroys the bootstrap instance in the same update that brought the cluster up, even if a later resource fails. An SSM parameter records
 * the destroy, so later updates no longer declare the instance. Deleting this resource deletes the parameter.
 */
export class BootstrapDestroy extends pulumi.ComponentResource {
  /** This resource is created when the bootstrap instance is gone. */
  readonly done: pulumi.Resource;

  constructor(name: string, { region, infraId, bootstrap }: BootstrapDestroyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:BootstrapDestroy", name, {}, opts);
    const milestone = pulumi.output(infraId).apply((id) => milestoneParameter(id, "bootstrap-destroyed"));
    this.done = new command.local.Command(
      name,
      {
        interpreter: ownProgram("bootstrap-destroy"),
        create: pulumi.jsonStringify({ action: "destroy", region, milestone, bootstrap }),
        delete: pulumi.jsonStringify({ action: "delete-milestone", region, milestone }),
      },
      { parent: this, ignoreChanges: ["interpreter", "create"], ...(opts?.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.registerOutputs();
  }
}
