import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import {
  clusterExtension,
  extensionAccount,
  extensionRole,
  extensionRoleBinding,
  permissionsDigest,
} from "../../cluster-objects/operators/extension";
import { operatorNamespace } from "../../cluster-objects/operators/subscription";
import type { ExtensionConfiguration } from "../../config/operators/settings";
import type { ExtensionRequest } from "../../steps/extension/objects";
import type { ClusterApi } from "./cluster-api";
import { OperatorCheck } from "./operator-check";

export interface OperatorExtensionArgs {
  readonly api: ClusterApi;
  readonly entry: ExtensionConfiguration;
  /** Resources that must exist before the ClusterExtension: the mirrored catalogs. */
  readonly after?: readonly pulumi.Resource[] | undefined;
}

/**
 * An operator that version 1 of the Operator Lifecycle Manager installs: its namespace, the service account with its permissions, and the
 * ClusterExtension. The operator's custom resources depend on `ready`, so that they are created after the operator and deleted before it.
 *
 * On delete OLM deletes the operator with its CustomResourceDefinitions, and so all custom resources in the whole cluster. The service
 * account is deleted after the ClusterExtension. The namespace stays, because it may have other objects.
 */
export class OperatorExtension extends pulumi.ComponentResource {
  /** The resource that exists when the operator's version is installed and runs. An installation that fails ends the update with the reason. */
  readonly ready: pulumi.Resource;
  readonly checks: readonly OperatorCheck[];

  constructor(name: string, { api, entry, after = [] }: OperatorExtensionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("okd:cluster:OperatorExtension", name, {}, opts);
    const { package: packageName, namespace, catalog, channel, version } = entry;
    // The name contains the namespace: a ClusterExtension cannot move, and the check in the new namespace says so before anything changes.
    const check = new OperatorCheck(`${name}-check-${namespace}`, api, { extension: packageName, namespace }, { parent: this });
    this.checks = [check];
    const checked = { parent: this, dependsOn: check.passed };
    const own = api.object(`${name}-namespace`, operatorNamespace(entry), { ...checked, retainOnDelete: true });
    const account = api.object(`${name}-account`, extensionAccount(entry), { parent: this, dependsOn: own });
    const role = api.object(`${name}-role`, extensionRole(entry), checked);
    const binding = api.object(`${name}-role-binding`, extensionRoleBinding(entry), { parent: this, dependsOn: [account, role] });
    const extension = api.object(`${name}-extension`, clusterExtension(entry), { parent: this, dependsOn: [binding, ...after] });
    const request: ExtensionRequest = {
      ...{ package: packageName, namespace, catalog, channel, version },
      permissions: permissionsDigest(entry),
    };
    this.ready = api.command(
      `${name}-ready`,
      "extension",
      { create: request, logging: command.local.Logging.Stderr },
      { parent: this, dependsOn: extension },
    );
    this.registerOutputs();
  }
}
