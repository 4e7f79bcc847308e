import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ReleaseRequest, RoleSecret } from "../../steps/release/request";
import { ProgramError } from "../../lib/program-error";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import type { ClusterApi } from "./cluster-api";

/** IAM roles that are ready for an update of the cluster. */
export interface PreparedRoles {
  /** Secrets that the new release's components read. */
  readonly secrets: pulumi.Output<readonly RoleSecret[]>;
  /** Resources that must exist before the update is requested. */
  readonly roles: readonly pulumi.Resource[];
}

export interface ReleaseArgs {
  readonly api: ClusterApi;
  readonly release: ReleaseRequest;
  /** Roles for this release; undefined if the cluster needs no roles, or still uses the roles of its installation. */
  readonly roles?: PreparedRoles | undefined;
}

/**
 * Updates a running cluster when the configuration names another release. The installation's steps do not run again: they used the first
 * release.
 */
export class Release extends pulumi.ComponentResource {
  private readonly api: ClusterApi;
  private readonly command: command.local.Command;
  /** The request without the roles' secrets, which are not known before the roles exist. */
  private readonly request: ReleaseRequest;

  constructor(name: string, { api, release, roles }: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:Release", name, {}, opts);
    this.api = api;
    this.request = { ...release, ...(roles && { secrets: [] }) };
    this.command = api.command(
      name,
      "release",
      { create: release, secrets: roles && { secrets: roles.secrets }, logging: command.local.Logging.Stderr },
      { parent: this, dependsOn: [...(roles?.roles ?? [])] },
    );
    this.registerOutputs();
  }

  /**
   * Asks a running cluster for the reasons that prevent an update, in a preview that would request the update. If the release has not
   * changed, nothing is asked: the preview knows the command's output, because the command does not run again.
   *
   * @throws RefusedInPreview with everything that prevents the update
   */
  async checkInPreview(): Promise<void> {
    const kubeconfig = await this.api.kubeconfigIfRunning();
    if (kubeconfig === undefined || !pulumi.runtime.isDryRun() || (await valueIfKnown(this.command.stdout)) !== undefined) return;
    const { checkUpdate } = await import("../../steps/release/check");
    const { refusal, warnings } = await checkUpdate(kubeconfig, this.request);
    for (const warning of warnings) await pulumi.log.warn(warning, this);
    if (refusal !== undefined) throw new RefusedInPreview(refusal);
  }
}

/** An update that the cluster would refuse. */
class RefusedInPreview extends ProgramError {}
