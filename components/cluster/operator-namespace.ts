import * as pulumi from "@pulumi/pulumi";
import { operatorGroup, operatorNamespace } from "../../cluster-objects/operators/subscription";
import type { OperatorConfiguration } from "../../config/operators/settings";
import type { GroupRemoval } from "../../steps/operator-removal/remove";
import type { ClusterApi } from "./cluster-api";
import { OperatorCheck } from "./operator-check";

/**
 * The namespace of operators, with its OperatorGroup. All operators in the namespace share both, so both stay when the configuration replaces
 * one operator by another.
 *
 * On delete the namespace stays, because deleting it would delete the custom resources in it. The OperatorGroup is deleted unless other
 * operators use it.
 */
export class OperatorNamespace extends pulumi.ComponentResource {
  private static readonly declared = new WeakMap<ClusterApi, Map<string, OperatorNamespace>>();

  readonly check: OperatorCheck;
  /** The OperatorGroup; when it exists, operators can be installed in the namespace. */
  readonly group: pulumi.Resource;

  private constructor(
    name: string,
    { api, entry, after }: { readonly api: ClusterApi; readonly entry: OperatorConfiguration; readonly after: pulumi.Resource },
  ) {
    super("okd:cluster:OperatorNamespace", name, {}, {});
    const { namespace, targetNamespaces } = entry;
    this.check = new OperatorCheck(`${name}-check`, api, { namespace, targetNamespaces }, { parent: this, dependsOn: after });
    const removal: GroupRemoval = { namespace };
    const removed = api.command(`${name}-removal`, "operator-removal", { delete: removal }, { parent: this, dependsOn: this.check.passed });
    const own = api.object(name, operatorNamespace(entry), { parent: this, dependsOn: removed, retainOnDelete: true });
    this.group = api.object(`${name}-group`, operatorGroup(entry), { parent: this, dependsOn: own, retainOnDelete: true });
    this.registerOutputs();
  }

  /**
   * Returns the namespace of an operator. The first operator in a namespace declares the namespace, and all other
   * operators in it get the same object: the configuration's rules demand the same `targetNamespaces` of all operators in
   * one namespace.
   *
   * @param after must exist before the first object is created
   */
  static of(api: ClusterApi, entry: OperatorConfiguration, after: pulumi.Resource): OperatorNamespace {
    const all = OperatorNamespace.declared.get(api) ?? new Map<string, OperatorNamespace>();
    OperatorNamespace.declared.set(api, all);
    const found = all.get(entry.namespace) ?? new OperatorNamespace(`operator-namespace-${entry.namespace}`, { api, entry, after });
    all.set(entry.namespace, found);
    return found;
  }
}
