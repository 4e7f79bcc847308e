import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { SweepTarget } from "../operations/sweep/kind";
import { ownProgram } from "./own-program";

export interface SweepArgs {
  /** The cluster, its network and its zones. */
  readonly target: pulumi.Input<SweepTarget>;
}

/** On destroy, after the machines and before the network: deletes what the cluster itself made in AWS. Machines depend on it. */
export class Sweep extends pulumi.ComponentResource {
  /** What machines have to depend on. */
  readonly done: pulumi.Resource;

  constructor(name: string, { target }: SweepArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:operations:Sweep", name, {}, opts);
    this.done = new command.local.Command(
      name,
      { interpreter: ownProgram("operations/sweep/cli.ts"), delete: pulumi.jsonStringify(target) },
      { parent: this, ...(opts?.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.registerOutputs();
  }
}
