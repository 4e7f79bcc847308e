import { listOrNone, oneOf, policyRule } from "../rule";

export const instanceTypes = policyRule({
  name: "instance-types",
  description: "Instances have approved types.",
  /** Types, such as `m6i.xlarge`, or families, such as `m6i.*`. */
  defaults: { instanceTypes: [] as readonly string[] },
  appliesTo: oneOf([
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ]),
  check({ properties: { instanceType: type } }, { instanceTypes: approved }) {
    if (typeof type !== "string" || approved.some((each) => each === type || isOfFamily(type, each))) return [];
    return [
      {
        wrong: "has an instance type that isn't approved",
        value: type,
        allowed: listOrNone(approved, "none: the pack was started without the stack's settings (docs/policy.md)"),
        fix: "use an approved type, or add this one to approvedInstanceTypes",
      },
    ];
  },
});

function isOfFamily(type: string, family: string): boolean {
  return family.endsWith(".*") && type.startsWith(family.slice(0, -1));
}
