import { type Resource, text } from "../../lib/pulumi/resource";
import { balancersOf, routersOf } from "./entry-points";
import { flowsOf } from "./flows";
import { machinesOf, type Machine } from "./machines";
import { nameOf } from "../../lib/pulumi/urn";
import { StackResources } from "../../lib/pulumi/stack-resources";

/** The content of a stack's diagram. */
export interface Topology {
  /** The cluster's domain, if the stack contains it. */
  readonly cluster?: string;
  /** "VPC 10.0.0.0/16", "existing VPC". */
  readonly network: string;
  readonly zones: readonly Zone[];
  readonly balancers: readonly Balancer[];
  /** Routers whose load balancers the cluster creates. */
  readonly routers: readonly Router[];
  readonly flows: readonly Flow[];
  /** Public DNS names. */
  readonly publicNames: readonly string[];
}

/** A zone's part of the network. */
export interface Zone {
  readonly name: string;
  readonly subnets: readonly Subnet[];
}

export interface Subnet {
  /** "public 10.0.0.0/20", "subnet-0123". */
  readonly name: string;
  readonly public: boolean;
  /** Whether it contains a NAT gateway. */
  readonly nat: boolean;
  readonly machines: readonly MachineGroup[];
}

/** Instances of the same group in one subnet. */
export interface MachineGroup {
  readonly group: string;
  readonly count: number;
  /** Sorted; several while types are being changed. */
  readonly instanceTypes: readonly string[];
  /** Whether they have public addresses. */
  readonly public: boolean;
  /** Names of their security groups, sorted. */
  readonly securityGroups: readonly string[];
}

export interface Balancer {
  readonly name: string;
  readonly public: boolean;
  /** By port. */
  readonly listeners: readonly Listener[];
}

export interface Listener {
  /** "tcp 6443". */
  readonly port: string;
  /** Groups of instances behind it, sorted. */
  readonly targets: readonly string[];
}

export interface Router {
  readonly name: string;
  /** Wildcard domain: "*.apps.dev.okd.example.com". */
  readonly domain: string;
  readonly public: boolean;
  /** CIDR blocks of allowed sources; empty: all. */
  readonly ranges: readonly string[];
}

/** Traffic that security groups allow: the source, the security group of the destination, and the ports. */
export interface Flow {
  /** A CIDR block, or a security group's name. */
  readonly from: string;
  readonly to: string;
  /** "tcp 6443", "udp 4789", "icmp", by protocol and port. */
  readonly ports: readonly string[];
  /** Whether the source is outside the network. */
  readonly outside: boolean;
}

/** Builds the diagram's content from a stack's resources. Their order doesn't matter. */
export function topologyOf(resources: readonly Resource[]): Topology {
  const stack = new StackResources(resources);
  const machines = machinesOf(stack);
  const range = stack
    .all(/^aws:ec2\/vpc:/)
    .flatMap(({ inputs }) => text(inputs.cidrBlock) ?? [])
    .at(0);
  const cluster = stack
    .all(/okd:ClusterIdentity$/)
    .flatMap(({ inputs }) => text(inputs.clusterDomain) ?? [])
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
        .filter((one) => nameOf(one.urn).endsWith("-public"))
        .flatMap(({ inputs }) => text(inputs.name) ?? []),
    ),
  };
}

/** A subnet, before its instances are counted. */
type Place = Omit<Subnet, "machines"> & { readonly zone: string; readonly key: string };

function zonesOf(stack: StackResources, machines: readonly Machine[]): Zone[] {
  const nats = stack.all(/^aws:ec2\/natGateway:/).map((nat) => stack.referenced(nat, "subnetId", SUBNET)?.urn);
  const declared = stack.all(/^aws:ec2\/subnet:/).map((subnet): Place => {
    const open = isPublic(subnet);
    const name = `${open ? "public" : "private"} ${text(subnet.inputs.cidrBlock) ?? ""}`.trim();
    const zone = text(subnet.inputs.availabilityZone) ?? UNKNOWN_ZONE;
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
        machines: grouped(machines.filter(({ place }) => place === key)),
      })),
  }));
}

/** Text for the zone of instances in an existing subnet, before they are created. */
const UNKNOWN_ZONE = "existing subnets";
const SUBNET = "aws:ec2/subnet:Subnet";

/** Uses the resource's name in the program: in a preview tags are unknown. */
function isPublic(subnet: Resource): boolean {
  return nameOf(subnet.urn).includes("-public-");
}

function grouped(machines: readonly Machine[]): MachineGroup[] {
  return unique(machines.map(({ group }) => group)).map((group) => {
    const own = machines.filter((machine) => machine.group === group);
    return {
      ...{ group, count: own.length, instanceTypes: unique(own.map(({ instanceType }) => instanceType)) },
      public: own.some((machine) => machine.public),
      securityGroups: unique(own.flatMap(({ securityGroups }) => securityGroups)),
    };
  });
}

export function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
