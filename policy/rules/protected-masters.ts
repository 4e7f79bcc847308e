import { type Declared, oneOf, rule } from "../rule";
import { at } from "../value";

/** As components/machines/machine-pool.ts names masters, in the program and in AWS. */
const masters = { resource: /^masters-\d+$/, tag: /-master-\d+$/ };

export const protectedMasters = rule<{ readonly protectMasters: boolean }>({
  name: "protected-masters",
  description: "The engine refuses to delete a master.",
  /** The stack's own key `protectMasters`: a cluster that may be thrown away says so. */
  defaults: { protectMasters: true },
  appliesTo: oneOf(["aws:ec2/instance:Instance"]),
  check(resource, { protectMasters }) {
    if (!protectMasters || resource.protect || !isMaster(resource)) return [];
    return [
      {
        wrong: "is a master that a change of the program could delete, and etcd's data with it",
        value: "protect: false",
        allowed: "protect: true, as long as protectMasters is",
        fix: "declare it with the resource option protect: true; or, for a cluster that nobody needs: pulumi config set protectMasters false",
      },
    ];
  },
});

function isMaster({ name, properties }: Declared): boolean {
  const tag = at(properties.tags, "Name");
  return masters.resource.test(name) || (typeof tag === "string" && masters.tag.test(tag));
}
