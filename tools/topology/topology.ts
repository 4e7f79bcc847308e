import { type Resource, textValue } from "../../lib/pulumi/resource";
import { balancersOf, routersOf } from "./entry-points";
import { flowsOf } from "./flows";
import { machinesOf, type PlacedInstance } from "./machines";
import { resourceName } from "../../lib/pulumi/urn";
import { servicesOf } from "./services";
import { StackResources } from "../../lib/pulumi/stack-resources";
import type { MachineGroup, DiagramSubnet, Diagram, DiagramZone } from "./model";
import { unique } from "./unique";

/** Builds the diagram's content from a stack's resources. Their order doesn't matter. */
export function topologyOf(resources: readonly Resource[]): Diagram {
  const stack = new StackResources(resources);
  const machines = machinesOf(stack);
  const range = stack
    .all(/^aws:ec2\/vpc:/)
    .flatMap(({ inputs }) => textValue(inputs.cidrBlock) ?? [])
    .at(0);
  const cluster = stack
    .all(/okd:ClusterIdentity$/)
    .flatMap(({ inputs }) => textValue(inputs.clusterDomain) ?? [])
    .at(0);
  const balancers = balancersOf(stack, machines);
  return {
    ...(cluster !== undefined && { cluster }),
    network: range === undefined ? "existing VPC" : `VPC ${range}`,
    zones: zonesOf(stack, machines),
    balancers,
    routers: routersOf(stack, cluster, balancers),
    flows: flowsOf(stack, range),
    publicNames: unique(
      stack
        .all(/^aws:route53\/record:/)
        .filter((one) => resourceName(one.urn).endsWith("-public"))
        .flatMap(({ inputs }) => textValue(inputs.name) ?? []),
    ),
    services: servicesOf(resources),
  };
}

/** A subnet, before its instances are counted. */
type Place = Omit<DiagramSubnet, "machines"> & { readonly zone: string; readonly key: string };

function zonesOf(stack: StackResources, machines: readonly PlacedInstance[]): DiagramZone[] {
  const nats = stack.all(/^aws:ec2\/natGateway:/).map((nat) => stack.referenced(nat, "subnetId", SUBNET)?.urn);
  const declared = stack.all(/^aws:ec2\/subnet:/).map((subnet): Place => {
    const open = isPublic(subnet);
    const name = `${open ? "public" : "private"} ${textValue(subnet.inputs.cidrBlock) ?? ""}`.trim();
    const zone = textValue(subnet.inputs.availabilityZone) ?? UNKNOWN_ZONE;
    return { key: subnet.urn, name, zone, public: open, nat: nats.includes(subnet.urn) };
  });
  const foreign = machines
    .filter(({ subnet }) => subnet === undefined)
    .map(({ subnetId = "a subnet", zone = UNKNOWN_ZONE, ...machine }): Place => {
      return { key: machine.place, name: subnetId, zone, public: machine.public, nat: false };
    });
  const places = [...declared, ...foreign.filter(({ key }, index) => foreign.findIndex((one) => one.key === key) === index)];
  return unique(places.map(({ zone }) => zone)).map((name) => ({
    name,
    subnets: places
      .filter(({ zone }) => zone === name)
      .sort((one, other) => Number(other.public) - Number(one.public) || (one.name < other.name ? -1 : 1))
      .map(({ key, name: subnetName, public: open, nat }) => ({
        ...{ name: subnetName, public: open, nat },
        machines: groupMachines(machines.filter(({ place }) => place === key)),
      })),
  }));
}

/** Text for the zone of instances in an existing subnet, before they are created. */
const UNKNOWN_ZONE = "existing subnets";
const SUBNET = "aws:ec2/subnet:Subnet";

/** Whether a subnet is public. The resource's name in the program decides, because tags are unknown in a preview. */
function isPublic(subnet: Resource): boolean {
  return resourceName(subnet.urn).includes("-public-");
}

function groupMachines(machines: readonly PlacedInstance[]): MachineGroup[] {
  return unique(machines.map(({ group }) => group)).map((group) => {
    const own = machines.filter((machine) => machine.group === group);
    return {
      ...{ group, count: own.length, instanceTypes: unique(own.map(({ instanceType }) => instanceType)) },
      public: own.some((machine) => machine.public),
      securityGroups: unique(own.flatMap(({ securityGroups }) => securityGroups)),
    };
  });
}
