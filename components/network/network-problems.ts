import type { ConfigurationProblem } from "../../config/configuration-error";
import { domainProblems } from "./domain-problems";
import type { FoundNetwork, FoundSubnet } from "./found-network";
import { machineRangeProblems } from "./machine-range-problems";
import { sharedVpcZoneProblems, type ClusterAccount } from "./shared-vpc-problems";
import { freeAddressProblems, type InstanceCounts } from "./free-address-problems";
import { zoneProblems } from "./zone-problems";

/** The requirements of a cluster for an existing network. */
export interface NetworkNeeds extends ClusterAccount {
  readonly machineCidrs: readonly string[];
  /** Whether the instances need a default route: true if the cluster has neither a proxy nor a mirror that makes it disconnected. */
  readonly needsDefaultRoute: boolean;
  /** The region's availability zones, without local and wavelength zones. */
  readonly zones: readonly string[];
  /** Number of instances to be created in each subnet; undefined if the instances exist. */
  readonly instanceCounts?: InstanceCounts;
}

/** Problems of an existing network that prevent an installation; empty if there are none. */
export function networkProblems(network: FoundNetwork, needs: NetworkNeeds): ConfigurationProblem[] {
  return [
    ...attributeProblems(network),
    ...domainProblems(network),
    ...sharedVpcZoneProblems(network, needs),
    ...machineRangeProblems(network, needs.machineCidrs),
    ...zoneProblems(network, needs.zones),
    ...(needs.instanceCounts ? freeAddressProblems(network, needs.instanceCounts) : []),
    ...network.privateSubnets.flatMap((subnet) => privateRouteProblems(subnet, needs.needsDefaultRoute)),
    ...network.publicSubnets.flatMap(publicRouteProblems),
  ];
}

function attributeProblems({ vpcId, dnsSupport, dnsHostnames }: FoundNetwork): ConfigurationProblem[] {
  return Object.entries({ enableDnsSupport: dnsSupport, enableDnsHostnames: dnsHostnames })
    .filter(([, on]) => !on)
    .map(([attribute]) => ({
      key: "vpcId",
      wrong: `names a VPC with ${attribute} off, where instances cannot resolve the cluster's names`,
      value: vpcId,
      allowed: "a VPC with enableDnsSupport and enableDnsHostnames on",
      fix: `aws ec2 modify-vpc-attribute --vpc-id ${vpcId} --${attribute === "enableDnsSupport" ? "enable-dns-support" : "enable-dns-hostnames"}`,
    }));
}

function privateRouteProblems({ id, defaultRoute }: FoundSubnet, needsDefaultRoute: boolean): ConfigurationProblem[] {
  const problem = { key: "privateSubnetIds", value: id, allowed: "subnets with a default route through a NAT or transit gateway" };
  if (defaultRoute?.startsWith("igw-") === true) {
    const wrong = `names ${id}, which routes to the internet gateway ${defaultRoute}: instances without a public address get no replies through it`;
    return [{ ...problem, wrong, fix: "use a subnet that routes through a NAT gateway" }];
  }
  if (defaultRoute === undefined && needsDefaultRoute) {
    const wrong = `names ${id}, which has no default route: its instances can't fetch the release`;
    return [{ ...problem, wrong, fix: "add a route through a NAT gateway, or set httpProxy and httpsProxy, or mirror" }];
  }
  return [];
}

function publicRouteProblems({ id, defaultRoute }: FoundSubnet): ConfigurationProblem[] {
  if (defaultRoute?.startsWith("igw-") === true) return [];
  return [
    {
      key: "publicSubnetIds",
      wrong: `names ${id}, which has no default route to an internet gateway`,
      value: id,
      allowed: "subnets with a default route to an internet gateway",
      fix: "add the route, or use a public subnet of its zone",
    },
  ];
}
