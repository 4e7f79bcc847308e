import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { writeInput } from "../../operations/release/input";
import type { ReleaseRequest, RoleSecret } from "../../operations/release/request";
import { known } from "../known";
import { ownProgram } from "../own-program";

/** Roles that are ready for an update of the cluster. */
export interface PreparedRoles {
  /** What the release's components look for in the cluster. */
  readonly secrets: pulumi.Output<readonly RoleSecret[]>;
  /** What must exist before the update is requested. */
  readonly roles: readonly pulumi.Resource[];
}

export interface ReleaseArgs {
  readonly release: ReleaseRequest;
  /** Roles that were made for this release; undefined where the cluster needs none, or still has those of its installation. */
  readonly roles?: PreparedRoles;
  /** The administrator's. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The cluster goes with it. */
  readonly identity: pulumi.Resource;
}

/** A running cluster becomes another release when the configuration names another one. The installation is not touched: it was that of the first. */
export class Release extends pulumi.ComponentResource {
  private readonly command: command.local.Command;
  /** As far as it is known before the roles are made. */
  private readonly request: ReleaseRequest;

  constructor(name: string, { release, roles, kubeconfig, identity }: ReleaseArgs, opts: pulumi.ComponentResourceOptions) {
    super("okd:platform:Release", name, {}, opts);
    this.request = { ...release, ...(roles && { secrets: [] }) };
    this.command = new command.local.Command(
      name,
      {
        interpreter: ownProgram("operations/release/cli.ts"),
        create: JSON.stringify(release),
        stdin: pulumi
          .all([pulumi.secret(kubeconfig), roles?.secrets])
          .apply(([admin, secrets]) => writeInput({ kubeconfig: admin, ...(secrets && { secrets }) })),
        logging: command.local.Logging.Stderr,
      },
      { parent: this, deletedWith: identity, ...(opts.dependsOn && { dependsOn: opts.dependsOn }) },
    );
    this.registerOutputs();
  }

  /**
   * In a preview that would request an update, asks the cluster what is in the way of it. Without a change nothing is asked: what the command printed is
   * known then.
   *
   * @throws RefusedInPreview with everything that is in the way
   */
  async checkInPreview(kubeconfig: string): Promise<void> {
    if (!pulumi.runtime.isDryRun() || (await known(this.command.stdout)) !== undefined) return;
    const { checkUpdate } = await import("../../operations/release/check");
    const { refusal, warnings } = await checkUpdate(kubeconfig, this.request);
    for (const warning of warnings) await pulumi.log.warn(warning, this);
    if (refusal !== undefined) throw new RefusedInPreview(refusal);
  }
}

/** An update that would be refused; printed without a stack, for the same reasons as a ConfigurationError. */
class RefusedInPreview extends Error {
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}
