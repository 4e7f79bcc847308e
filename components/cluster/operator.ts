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
 * An operator that version 0 of the Operator Lifecycle Manager installs: its Subscription and, for the first operator in a namespace, the namespace. The
 * operator's custom resources depend on `ready`, so that they are created after the operator and deleted before it.
 *
 * On delete the Subscription and the installed version are deleted. The namespace, the CRDs and all custom resources stay.
 */
export class Operator extends pulumi.ComponentResource {
  /** The resource that exists when the operator's version is installed and runs. An installation that fails ends the update with the reason. */
  readonly ready: pulumi.Resource;
  readonly checks: readonly OperatorCheck[];

  constructor(name: string, { api, entry, after = [] }: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:Operator", name, {}, opts);
    const { package: packageName, namespace, source, channel, startingCSV } = entry;
    // The name contains the namespace, because the check runs once in each namespace.
    const check = new OperatorCheck(`${name}-check-${namespace}`, api, { package: packageName, namespace }, { parent: this });
    const own = namespace === SHARED_NAMESPACE ? undefined : OperatorNamespace.of(api, entry, check.passed);
    this.checks = [check, ...(own ? [own.check] : [])];
    const removal: OperatorRemoval = { package: packageName, namespace, source };
    // OLM keeps the installed version when its Subscription is deleted, so this command deletes the version after the Subscription. If the
    // operator moves to another namespace, the old version would conflict with the new version, so the old version is deleted first.
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
   * @throws OccupiedNamespaces, which names all of these objects
   */
  static async checkInPreview(operators: readonly Pick<Operator, "checks">[]): Promise<void> {
    const checks = [...new Set(operators.flatMap((operator) => operator.checks))];
    const problems = await Promise.all(checks.map((check) => check.problemInPreview()));
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length > 0) throw new OccupiedNamespaces(found.join("\n\n"));
  }
}

/** Objects of somebody else in the namespaces of operators. */
class OccupiedNamespaces extends ProgramError {}
