import { type DeclaredResource, oneOf, policyRule } from "../rule";
import { valueAt } from "../value";

/** Names of control plane instances in the program and in AWS (components/machines/machine-pool.ts). */
const masters = { resource: /^masters-\d+$/, tag: /-master-\d+$/ };

export const protectedMasters = policyRule<{ readonly protectMasters: boolean }>({
  name: "protected-masters",
  description: "The Pulumi engine refuses to delete control plane instances.",
  /** The configuration key `protectMasters`; false for a cluster that may be destroyed. */
  defaults: { protectMasters: true },
  appliesTo: oneOf(["aws:ec2/instance:Instance"]),
  check(resource, { protectMasters }) {
    if (!protectMasters || resource.protect || !isMaster(resource)) return [];
    return [
      {
        wrong: "is a control plane instance without protection: a change of the program could delete it with etcd's data",
        value: "protect: false",
        allowed: "protect: true, as long as protectMasters is true",
        fix: "declare it with the resource option protect: true; or, for a cluster that may be deleted, pulumi config set protectMasters false",
      },
    ];
  },
});

function isMaster({ name, properties }: DeclaredResource): boolean {
  const tag = valueAt(properties.tags, "Name");
  return masters.resource.test(name) || (typeof tag === "string" && masters.tag.test(tag));
}
