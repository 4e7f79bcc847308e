import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ReleaseRequest } from "../../operations/release/request";
import { ownProgram } from "../own-program";

export interface ReleaseArgs {
  readonly release: ReleaseRequest;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The cluster goes with it. */
  readonly identity: pulumi.Resource;
}

/** A running cluster becomes another release when the configuration names another one. The installation is not touched: it was that of the first. */
export class Release extends pulumi.ComponentResource {
  constructor(name: string, { release, kubeconfig, identity }: ReleaseArgs, opts: pulumi.ComponentResourceOptions) {
    super("okd:platform:Release", name, {}, opts);
    new command.local.Command(
      name,
      {
        interpreter: ownProgram("operations/release/cli.ts"),
        create: JSON.stringify(release),
        stdin: pulumi.secret(kubeconfig),
        logging: command.local.Logging.Stderr,
      },
      { parent: this, deletedWith: identity, ...(opts.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.registerOutputs();
  }
}
