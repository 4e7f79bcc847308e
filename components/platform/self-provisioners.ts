import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { noSelfProvisioners } from "../../platform/access-control/self-provisioners";
import { ownProgram } from "../own-program";
import type { ClusterApi } from "./cluster-api";

export interface NoSelfProvisionersArgs {
  readonly api: ClusterApi;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  /** With it goes the whole cluster. */
  readonly identity: pulumi.Resource;
}

/** Nobody makes projects by having logged in; taken out, everybody does again. */
export class NoSelfProvisioners extends pulumi.ComponentResource {
  constructor(name: string, { api, kubeconfig, identity }: NoSelfProvisionersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:platform:NoSelfProvisioners", name, {}, opts);
    const child = { parent: this };
    const binding = api.patch(name, noSelfProvisioners(), child);
    new command.local.Command(
      `${name}-restored`,
      {
        interpreter: ownProgram("operations/access-control/self-provisioners-cli.ts"),
        delete: "{}",
        stdin: pulumi.secret(kubeconfig),
      },
      // Goes before the patch does, and takes its fields over: what the patch then drops is nothing.
      { ...child, dependsOn: binding, deletedWith: identity },
    );
    this.registerOutputs();
  }
}
