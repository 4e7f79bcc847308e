import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { operatorGroup, operatorNamespace, operatorSubscription } from "../../cluster-objects/operators/subscription";
import { SHARED_NAMESPACE } from "../../config/operators/fields";
import type { OperatorConfiguration } from "../../config/operators/settings";
import type { OperatorRemoval } from "../../steps/operator-removal/remove";
import type { OperatorRequest } from "../../steps/operator/objects";
import type { ClusterApi } from "./cluster-api";

export interface OperatorArgs {
  readonly api: ClusterApi;
  readonly entry: OperatorConfiguration;
  /** The roles of the infra nodes, for an operator that is placed there. */
  readonly infraRoles?: readonly pulumi.Resource[] | undefined;
}

/**
 * An operator that the Operator Lifecycle Manager installs: its namespace, its OperatorGroup and its Subscription. Its custom resources depend
 * on `ready`, so that they are created after it and deleted before it.
 *
 * On delete the Subscription and the installed version are deleted. The namespace, the definitions and all custom resources stay.
 */
export class Operator extends pulumi.ComponentResource {
  /** Exists when the version is installed and runs. An installation that fails ends the update with the reason. */
  readonly ready: pulumi.Resource;

  constructor(name: string, { api, entry, infraRoles = [] }: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:Operator", name, {}, opts);
    const { package: packageName, namespace, source, channel, startingCSV } = entry;
    const after: pulumi.Resource[] = entry.placement ? [...infraRoles] : [];
    if (namespace !== SHARED_NAMESPACE) {
      // Deleting the namespace would delete the custom resources in it.
      const own = api.object(`${name}-namespace`, operatorNamespace(entry), { parent: this, retainOnDelete: true });
      after.push(api.object(`${name}-group`, operatorGroup(entry), { parent: this, dependsOn: own }));
    }
    const removal: OperatorRemoval = { package: packageName, namespace, source };
    // OLM leaves the version when its Subscription is deleted. This command is deleted after the Subscription.
    const removed = api.command(`${name}-removal`, "operator-removal", { delete: removal }, { parent: this, dependsOn: after });
    const subscription = api.object(`${name}-subscription`, operatorSubscription(entry), { parent: this, dependsOn: removed });
    const request: OperatorRequest = { ...removal, channel, ...(startingCSV !== undefined && { startingCSV }) };
    const options = { create: request, logging: command.local.Logging.Stderr };
    this.ready = api.command(`${name}-ready`, "operator", options, { parent: this, dependsOn: subscription });
    this.registerOutputs();
  }
}
