import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { valueIfKnown } from "../../lib/pulumi/known-value";
import { reasonOf } from "../../lib/reason";
import type { OperatorCheckRequest } from "../../steps/operator-check/check";
import type { ClusterApi } from "./cluster-api";

/**
 * Checks, before an operator is installed, that its objects will not disturb objects of somebody else. The check runs only once, because later
 * it would find the stack's own objects.
 */
export class OperatorCheck {
  /** The resource that exists when the check has found no problem. */
  readonly passed: command.local.Command;

  constructor(
    private readonly name: string,
    private readonly api: ClusterApi,
    private readonly request: OperatorCheckRequest,
    opts: pulumi.CustomResourceOptions,
  ) {
    const args = { create: request, logging: command.local.Logging.Stderr, frozen: true };
    this.passed = api.command(name, "operator-check", args, opts);
  }

  /**
   * In a preview for a running cluster, returns the problem that the check would find in the update. If the cluster does not answer, the preview
   * shows a warning.
   */
  async problemInPreview(): Promise<string | undefined> {
    if (!pulumi.runtime.isDryRun() || (await valueIfKnown(this.passed.stdout)) !== undefined) return undefined;
    const kubeconfig = await this.api.kubeconfigIfRunning();
    if (kubeconfig === undefined) return undefined;
    const [{ checkBeforeOperator }, { ClusterClient }] = await Promise.all([
      import("../../steps/operator-check/check"),
      import("../../lib/kubernetes/client"),
    ]);
    try {
      return (await checkBeforeOperator(new ClusterClient(kubeconfig), this.request)).problem;
    } catch (error) {
      await pulumi.log.warn(`${this.name}: could not ask the cluster; the update asks again: ${reasonOf(error)}`);
      return undefined;
    }
  }
}
