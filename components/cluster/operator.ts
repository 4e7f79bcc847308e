import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { operatorSubscription } from "../../cluster-objects/operators/subscription";
import { SHARED_NAMESPACE } from "../../config/operators/fields";
import type { OperatorConfiguration } from "../../config/operators/settings";
import { ProgramError } from "../../lib/program-error";
import type { OperatorRemoval } from "../../steps/operator-removal/remove";
import type { OperatorRequest } from "../../steps/operator/objects";
import type { ClusterApi } from "./cluster-api";
import { OperatorCheck } from "./operator-check";
import { OperatorNamespace } from "./operator-namespace";

export interface OperatorArgs {
  readonly api: ClusterApi;
  readonly entry: OperatorConfiguration;
  /** Resources that must exist before the Subscription: the roles of the infra nodes, the mirrored catalogs. */
  readonly after?: readonly pulumi.Resource[] | undefined;
}

/**
 * An operator that the Operator Lifecycle Manager installs: its Subscription, and with its first operator the namespace. Its custom resources depend
 * on `ready`, so that they are created after it and deleted before it.
 *
 * On delete the Subscription and the installed version are deleted. The namespace, the CRDs and all custom resources stay.
 */
export class Operator extends pulumi.ComponentResource {
  /** Exists when the version is installed and runs. An installation that fails ends the update with the reason. */
  readonly ready: pulumi.Resource;
  private readonly checks: readonly OperatorCheck[];

  constructor(name: string, { api, entry, after = [] }: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:Operator", name, {}, opts);
    const { package: packageName, namespace, source, channel, startingCSV } = entry;
    // The name has the namespace, because the check runs once for each.
    const check = new OperatorCheck(`${name}-check-${namespace}`, api, { package: packageName, namespace }, { parent: this });
    const own = namespace === SHARED_NAMESPACE ? undefined : OperatorNamespace.of(api, entry, check.passed);
    this.checks = [check, ...(own ? [own.check] : [])];
    const removal: OperatorRemoval = { package: packageName, namespace, source };
    // OLM leaves the version when its Subscription is deleted. This command is deleted after the Subscription. In another namespace the
    // version would conflict with the one that was left, so it is deleted first.
    const removed = api.command(
      `${name}-removal`,
      "operator-removal",
      { delete: removal, triggers: [namespace] },
      { parent: this, dependsOn: [check.passed, ...(own ? [own.group] : []), ...after], deleteBeforeReplace: true },
    );
    const options = { parent: this, dependsOn: removed, deleteBeforeReplace: true };
    const subscription = api.object(`${name}-subscription`, operatorSubscription(entry), options);
    const request: OperatorRequest = {
      package: packageName,
      namespace,
      source,
      channel,
      ...(startingCSV !== undefined && { startingCSV }),
    };
    this.ready = api.command(
      `${name}-ready`,
      "operator",
      { create: request, logging: command.local.Logging.Stderr },
      { parent: this, dependsOn: subscription },
    );
    this.registerOutputs();
  }

  /**
   * Asks a running cluster, in a preview, for objects that somebody else has created and that new operators would disturb.
   *
   * @throws OccupiedNamespaces with all of them
   */
  static async checkInPreview(operators: readonly Operator[]): Promise<void> {
    const checks = [...new Set(operators.flatMap((operator) => operator.checks))];
    const problems = await Promise.all(checks.map((check) => check.problemInPreview()));
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length > 0) throw new OccupiedNamespaces(found.join("\n\n"));
  }
}

/** Objects of somebody else in the namespaces of operators. */
class OccupiedNamespaces extends ProgramError {}
