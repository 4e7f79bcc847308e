import { type Resource, textValue } from "../../lib/pulumi/resource";
import { resourceName } from "../../lib/pulumi/urn";
import type { StackResources } from "../../lib/pulumi/stack-resources";

/** An instance of the stack, and its place in the network. */
export interface PlacedInstance {
  readonly urn: string;
  readonly group: string;
  readonly instanceType: string;
  /** The subnet, if the stack creates it. Otherwise `subnetId` has its ID, and `zone` its zone as soon as the instance exists. */
  readonly subnet?: Resource;
  readonly subnetId?: string;
  readonly zone?: string;
  /** Key that is equal for instances in the same subnet. */
  readonly place: string;
  readonly public: boolean;
  readonly securityGroups: readonly string[];
}

export function machinesOf(stack: StackResources): PlacedInstance[] {
  const addressed = stack
    .all(/^aws:ec2\/eipAssociation:/)
    .map((association) => stack.referenced(association, "instanceId", "aws:ec2/instance:Instance")?.urn);
  return stack.all(/^aws:ec2\/instance:/).map((machine) => {
    const subnet = stack.referenced(machine, "subnetId", "aws:ec2/subnet:Subnet");
    const subnetId = textValue(machine.inputs.subnetId);
    const zone = textValue(machine.outputs?.availabilityZone) ?? textValue(machine.inputs.availabilityZone);
    const open = addressed.includes(machine.urn) || hasPublicAddress(machine);
    return {
      urn: machine.urn,
      group: groupOf(machine),
      instanceType: textValue(machine.inputs.instanceType) ?? "unknown type",
      ...(subnet && { subnet }),
      ...(subnetId !== undefined && { subnetId }),
      ...(zone !== undefined && { zone }),
      place: subnet?.urn ?? `${zone ?? ""} ${subnetId ?? ""} ${String(open)}`,
      public: open,
      securityGroups: stack
        .allReferenced(machine, "vpcSecurityGroupIds", "aws:ec2/securityGroup:SecurityGroup")
        .map(securityGroupName)
        .sort(),
    };
  });
}

/** A readable name for a security group: the last part of its name in the program. */
export function securityGroupName(group: Resource): string {
  return words(
    resourceName(group.urn)
      .replace(/^security-groups-/, "")
      .replace(/^load-balancers-int-group$/, "internal load balancer"),
  );
}

/** The group of an instance: the name of its pool, or of its component if it is not in a pool. */
function groupOf(machine: Resource): string {
  return words(resourceName(machine.urn).replace(/-(\d+|machine)$/, ""));
}

function words(name: string): string {
  return name.replace(/^installer-host(-group)?$/, "installer host");
}

/** Whether the instance has a public address. Before the instance exists, its inputs decide. */
function hasPublicAddress({ inputs, outputs }: Resource): boolean {
  const address = textValue(outputs?.publicIp);
  return address === undefined ? inputs.associatePublicIpAddress === true : address !== "";
}
