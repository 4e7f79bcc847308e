import { contains, parseCidr } from "../../config/cidr";
import type { Problem } from "../../config/configuration-error";
import { domainProblems } from "./domain-problems";
import type { FoundNetwork, FoundSubnet } from "./found-network";

/** Addresses that a load balancer needs free in each of its subnets (Elastic Load Balancing user guides, "Subnets for your load balancer"). */
const balancerAddresses = 8;

type SubnetKey = "privateSubnetIds" | "publicSubnetIds";

/** What keeps a found network from carrying a cluster; empty when nothing does. */
export function networkProblems(network: FoundNetwork, options: { machineCidr: string; needsWayOut: boolean }): Problem[] {
  const groups: readonly (readonly [SubnetKey, readonly FoundSubnet[]])[] = [
    ["privateSubnetIds", network.privateSubnets],
    ["publicSubnetIds", network.publicSubnets],
  ];
  return [
    ...attributeProblems(network),
    ...domainProblems(network),
    ...outsideProblems(network, options.machineCidr),
    ...groups.flatMap(([key, subnets]) => [
      ...zoneProblems(key, subnets),
      ...subnets.flatMap((subnet) => [
        ...roomProblems(key, subnet),
        ...rangeProblems(subnet, options.machineCidr),
        ...(key === "privateSubnetIds" ? privateRouteProblems(subnet, options.needsWayOut) : publicRouteProblems(subnet)),
      ]),
    ]),
    ...pairProblems(network),
  ];
}

function attributeProblems({ vpcId, dnsSupport, dnsHostnames }: FoundNetwork): Problem[] {
  return Object.entries({ enableDnsSupport: dnsSupport, enableDnsHostnames: dnsHostnames })
    .filter(([, on]) => !on)
    .map(([attribute]) => ({
      key: "vpcId",
      wrong: `names a VPC with ${attribute} off, in which machines can't resolve the cluster's names`,
      value: vpcId,
      allowed: "a VPC with enableDnsSupport and enableDnsHostnames on",
      fix: `aws ec2 modify-vpc-attribute --vpc-id ${vpcId} --${attribute === "enableDnsSupport" ? "enable-dns-support" : "enable-dns-hostnames"}`,
    }));
}

/** What machines may be reached from opens the machine config server, too: never more than the VPC (reference, section 4). */
function outsideProblems({ vpcCidrs }: FoundNetwork, machineCidr: string): Problem[] {
  if (vpcCidrs.some((cidr) => contains(parseCidr(cidr), parseCidr(machineCidr)))) return [];
  return [
    {
      key: "machineCidr",
      wrong: "reaches beyond the VPC's ranges, so others would reach the machine config server, which hands out secrets",
      value: machineCidr,
      allowed: `a range inside ${vpcCidrs.join(" or ")}`,
      fix: "set machineCidr to the VPC's range, or a part of it that holds the subnets",
    },
  ];
}

function zoneProblems(key: SubnetKey, subnets: readonly FoundSubnet[]): Problem[] {
  const zones = subnets.map(({ zone }) => zone);
  return [...new Set(zones.filter((zone, index) => zones.indexOf(zone) !== index))].map((zone) => ({
    key,
    wrong: `names more than one subnet in ${zone}`,
    value: subnets.map(({ id }) => id).join(", "),
    allowed: "one subnet per zone",
    fix: `keep one of the subnets in ${zone}`,
  }));
}

function pairProblems({ privateSubnets, publicSubnets }: FoundNetwork): Problem[] {
  const zonesOf = (subnets: readonly FoundSubnet[]) => [...new Set(subnets.map(({ zone }) => zone))].sort().join(", ");
  if (publicSubnets.length === 0 || zonesOf(publicSubnets) === zonesOf(privateSubnets)) return [];
  return [
    {
      key: "publicSubnetIds",
      wrong: `lie in ${zonesOf(publicSubnets)}, but the private ones in ${zonesOf(privateSubnets)}`,
      allowed: "a public subnet in each zone of the private ones",
      fix: "name subnets of the same zones in both lists",
    },
  ];
}

function roomProblems(key: SubnetKey, { id, freeAddresses }: FoundSubnet): Problem[] {
  if (freeAddresses >= balancerAddresses) return [];
  return [
    {
      key,
      wrong: `names ${id}, which has ${freeAddresses} free addresses`,
      value: id,
      allowed: `subnets with at least ${balancerAddresses} free addresses, which a load balancer needs in each`,
      fix: "free addresses in it, or use another subnet of its zone",
    },
  ];
}

function rangeProblems({ id, cidrBlock }: FoundSubnet, machineCidr: string): Problem[] {
  if (contains(parseCidr(machineCidr), parseCidr(cidrBlock))) return [];
  return [
    {
      key: "machineCidr",
      wrong: `doesn't hold ${cidrBlock} of ${id}, whose machines would be shut out by the security groups`,
      value: machineCidr,
      allowed: "a range that holds every configured subnet",
      fix: "set machineCidr to the VPC's range",
    },
  ];
}

function privateRouteProblems({ id, defaultRoute }: FoundSubnet, needsWayOut: boolean): Problem[] {
  const problem = { key: "privateSubnetIds", value: id, allowed: "subnets with a default route through a NAT or transit gateway" };
  if (defaultRoute?.startsWith("igw-") === true) {
    const wrong = `names ${id}, which routes to the internet gateway ${defaultRoute}: a machine without a public address gets no answer there`;
    return [{ ...problem, wrong, fix: "use a subnet that routes through a NAT gateway" }];
  }
  if (defaultRoute === undefined && needsWayOut) {
    const wrong = `names ${id}, which has no default route: its machines can't fetch the release`;
    return [{ ...problem, wrong, fix: "add a route through a NAT gateway, or set httpProxy and httpsProxy, or mirror" }];
  }
  return [];
}

function publicRouteProblems({ id, defaultRoute }: FoundSubnet): Problem[] {
  if (defaultRoute?.startsWith("igw-") === true) return [];
  return [
    {
      key: "publicSubnetIds",
      wrong: `names ${id}, which has no default route to an internet gateway`,
      value: id,
      allowed: "subnets that the internet reaches",
      fix: "add the route, or use a public subnet of its zone",
    },
  ];
}
