import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { writeInput } from "../../steps/release/input";
import type { ReleaseRequest, RoleSecret } from "../../steps/release/request";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import { ownProgram } from "../own-command";

/** IAM roles that are ready for an update of the cluster. */
export interface PreparedRoles {
  /** Secrets that the new release's components read. */
  readonly secrets: pulumi.Output<readonly RoleSecret[]>;
  /** Resources that must exist before the update is requested. */
  readonly roles: readonly pulumi.Resource[];
}

export interface ReleaseArgs {
  readonly release: ReleaseRequest;
  /** Roles for this release; undefined if the cluster needs none, or still uses those of its installation. */
  readonly roles?: PreparedRoles;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The cluster's identity. If it is deleted, so is the cluster. */
  readonly identity: pulumi.Resource;
}

/** Updates a running cluster when the configuration names another release. The installation is not changed: it used the first release. */
export class Release extends pulumi.ComponentResource {
  private readonly command: command.local.Command;
  /** The request, as far as it is known before the roles exist. */
  private readonly request: ReleaseRequest;

  constructor(name: string, { release, roles, kubeconfig, identity }: ReleaseArgs, opts: pulumi.ComponentResourceOptions) {
    super("okd:cluster:Release", name, {}, opts);
    this.request = { ...release, ...(roles && { secrets: [] }) };
    this.command = new command.local.Command(
      name,
      {
        interpreter: ownProgram("release"),
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
   * In a preview that would request an update, asks the cluster what prevents the update. If the release has not changed, nothing is asked;
   * the command's output is known then.
   *
   * @throws RefusedInPreview with everything that prevents the update
   */
  async checkInPreview(kubeconfig: string): Promise<void> {
    if (!pulumi.runtime.isDryRun() || (await valueIfKnown(this.command.stdout)) !== undefined) return;
    const { checkUpdate } = await import("../../steps/release/check");
    const { refusal, warnings } = await checkUpdate(kubeconfig, this.request);
    for (const warning of warnings) await pulumi.log.warn(warning, this);
    if (refusal !== undefined) throw new RefusedInPreview(refusal);
  }
}

/** An update that would be refused. Printed without a stack trace, like a ConfigurationError. */
class RefusedInPreview extends Error {
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}
