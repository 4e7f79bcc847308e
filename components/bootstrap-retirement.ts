import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { RetirementRequest } from "../operations/retirement/cli";
import { clusterMarker } from "./markers";
import { ownProgram } from "./own-program";

export interface BootstrapRetirementArgs {
  readonly region: string;
  readonly infraId: pulumi.Input<string>;
  /** Undefined once the machine is retired. */
  readonly bootstrap: pulumi.Input<RetirementRequest["bootstrap"]>;
}

/**
 * Ends the bootstrap machine in the same update that brought the cluster up, also when a later resource fails. From then on an SSM
 * parameter says so, and the program declares the machine no more. Destroying it forgets that.
 */
export class BootstrapRetirement extends pulumi.ComponentResource {
  /** Stands when the machine is gone. */
  readonly done: pulumi.Resource;

  constructor(name: string, { region, infraId, bootstrap }: BootstrapRetirementArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:machines:BootstrapRetirement", name, {}, opts);
    const marker = pulumi.output(infraId).apply((id) => clusterMarker(id, "bootstrap-retired"));
    this.done = new command.local.Command(
      name,
      {
        interpreter: ownProgram("operations/retirement/cli.ts"),
        create: pulumi.jsonStringify({ action: "retire", region, marker, bootstrap }),
        delete: pulumi.jsonStringify({ action: "forget", region, marker }),
      },
      { parent: this, ignoreChanges: ["interpreter", "create"], ...(opts?.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.registerOutputs();
  }
}
