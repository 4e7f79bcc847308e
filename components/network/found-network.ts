import * as aws from "@pulumi/aws";
import type { ExistingNetworkConfiguration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { unlessNotFound } from "../../lib/pulumi/lookup-errors";
import { subnetRoleTags } from "./network";
import { findRouting, type Routing } from "./routing";

/** The configuration key that lists a subnet. */
export type SubnetKey = "privateSubnetIds" | "publicSubnetIds";

/** An existing subnet, as AWS describes it. */
export interface FoundSubnet extends Routing {
  readonly id: string;
  readonly zone: string;
  /** Empty if the subnet has only IPv6 addresses. */
  readonly cidrBlock: string;
  /** The Outpost that the subnet is on; undefined in a zone of the region itself. */
  readonly outpostArn?: string;
  readonly freeAddresses: number;
  /** The type of its instances' host names: `ip-name` or `resource-name`. */
  readonly hostnames: string;
  /** Whether the subnet has the role tag for load balancers of its kind (public or private). */
  readonly hasRoleTag: boolean;
}

/** A subnet of the VPC that is not configured, and that has no tag which keeps the cluster's load balancers out. */
export interface ForeignSubnet {
  readonly id: string;
  readonly zone: string;
  /** Whether its route table has a route to an internet gateway. */
  readonly isPublic: boolean;
}

/** An existing network, as AWS describes it. */
export interface FoundNetwork {
  readonly vpcId: string;
  /** Account that owns the VPC. If it is not the stack's account, it shares the VPC with that account. */
  readonly ownerId: string;
  /** CIDR blocks of the VPC. */
  readonly vpcCidrs: readonly string[];
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  /** First domain of the VPC's DHCP options, after which nodes are named: in lower case, without a final dot; empty if there is none. */
  readonly domain: string;
  readonly privateSubnets: readonly FoundSubnet[];
  readonly publicSubnets: readonly FoundSubnet[];
  /** Subnets of the VPC that are not configured and have no cluster's tag that keeps load balancers out. */
  readonly foreignSubnets: readonly ForeignSubnet[];
}

/**
 * Looks up the configured VPC and subnets.
 *
 * @param zones names of the region's availability zones without local and wavelength zones: load balancers can only be there.
 * @param problems gets a problem for each resource that does not exist.
 * @returns undefined if the VPC or a subnet does not exist.
 */
export async function findNetwork(
  configured: ExistingNetworkConfiguration,
  zones: Promise<readonly string[]>,
  problems: ConfigurationProblem[],
): Promise<FoundNetwork | undefined> {
  const { vpcId, privateSubnetIds, publicSubnetIds } = configured;
  const asked = unlessNotFound(aws.ec2.getVpc({ id: vpcId }));
  const [vpc, domain, routing, privateSubnets, publicSubnets, foreign] = await Promise.all([
    asked,
    asked.then(findDomain),
    findRouting(vpcId),
    findSubnets("privateSubnetIds", privateSubnetIds, vpcId, problems),
    findSubnets("publicSubnetIds", publicSubnetIds, vpcId, problems),
    zones.then((names) => findForeignSubnets(vpcId, names, [...privateSubnetIds, ...publicSubnetIds])),
  ]);
  if (vpc === undefined) {
    problems.push({
      key: "vpcId",
      wrong: `names ${vpcId}, which this account doesn't have in the region`,
      value: vpcId,
      allowed: "a VPC of the stack's account and region, or one that is shared with the account",
      fix: "set vpcId to one of the VPCs that `aws ec2 describe-vpcs` lists",
    });
  }
  if (vpc === undefined || privateSubnets === undefined || publicSubnets === undefined) return undefined;
  const found = (kind: "public" | "private", subnet: aws.ec2.GetSubnetResult): FoundSubnet => ({
    id: subnet.id,
    zone: subnet.availabilityZone,
    cidrBlock: subnet.cidrBlock,
    ...(subnet.outpostArn ? { outpostArn: subnet.outpostArn } : {}),
    freeAddresses: subnet.availableIpAddressCount,
    hostnames: subnet.privateDnsHostnameTypeOnLaunch,
    ...routing(subnet.id),
    hasRoleTag: subnetRoleTags[kind].key in subnet.tags,
  });
  return {
    vpcId,
    ownerId: vpc.ownerId,
    // AWS also lists CIDR blocks that are being removed or could not be added; these are left out.
    vpcCidrs: vpc.cidrBlockAssociations.filter(({ state }) => state === "associated").map(({ cidrBlock }) => cidrBlock),
    dnsSupport: vpc.enableDnsSupport,
    dnsHostnames: vpc.enableDnsHostnames,
    domain,
    privateSubnets: privateSubnets.map((subnet) => found("private", subnet)),
    publicSubnets: publicSubnets.map((subnet) => found("public", subnet)),
    foreignSubnets: foreign.map((subnet) => ({ ...subnet, isPublic: routing(subnet.id).reachesInternetGateway })),
  };
}

/**
 * The kubelet takes the first of several domains, which are separated by spaces. A VPC without DHCP options has "default" in place of their
 * ID.
 */
async function findDomain(vpc: aws.ec2.GetVpcResult | undefined): Promise<string> {
  const { dhcpOptionsId = "" } = vpc ?? {};
  if (!dhcpOptionsId.startsWith("dopt-")) return "";
  const { domainName } = await aws.ec2.getVpcDhcpOptions({ dhcpOptionsId });
  return domainName.trim().split(/\s+/)[0].toLowerCase().replace(/\.$/, "");
}

/** Looks up subnets; undefined if one does not exist or is in another VPC. */
async function findSubnets(
  key: SubnetKey,
  ids: readonly string[],
  vpcId: string,
  problems: ConfigurationProblem[],
): Promise<aws.ec2.GetSubnetResult[] | undefined> {
  const found = await Promise.all(ids.map((id) => unlessNotFound(aws.ec2.getSubnet({ id }))));
  const subnets = found.filter((subnet) => subnet?.vpcId === vpcId) as aws.ec2.GetSubnetResult[];
  if (subnets.length === ids.length) return subnets;
  for (const [index, id] of ids.entries()) {
    const subnet = found[index];
    if (subnet?.vpcId === vpcId) continue;
    problems.push({
      key,
      wrong: `names ${id}, which ${subnet === undefined ? "this account doesn't have in the region" : `is in ${subnet.vpcId}`}`,
      value: id,
      allowed: `subnets of ${vpcId}`,
      fix: `set ${key} to subnets that \`aws ec2 describe-subnets --filters Name=vpc-id,Values=${vpcId}\` lists`,
    });
  }
  return undefined;
}

/**
 * Subnets of a VPC that are not configured and have no cluster's tag. The cloud controller, too, leaves out subnets in local and wavelength
 * zones (kubernetes/cloud-provider-aws, `pkg/providers/v1/aws.go`, findELBSubnets).
 */
async function findForeignSubnets(
  vpcId: string,
  zones: readonly string[],
  configured: readonly string[],
): Promise<Omit<ForeignSubnet, "isPublic">[]> {
  const subnetsWith = async (...filters: readonly { readonly name: string; readonly values: string[] }[]): Promise<readonly string[]> =>
    (await aws.ec2.getSubnets({ filters: [{ name: "vpc-id", values: [vpcId] }, ...filters] })).ids;
  const [all, tagged] = await Promise.all([subnetsWith(), subnetsWith({ name: "tag-key", values: ["kubernetes.io/cluster/*"] })]);
  const foreign = all.filter((id) => !tagged.includes(id) && !configured.includes(id));
  if (foreign.length === 0) return [];
  const byZone = await Promise.all(
    zones.map(async (zone) => {
      const ids = await subnetsWith({ name: "availability-zone", values: [zone] });
      return ids.filter((id) => foreign.includes(id)).map((id) => ({ id, zone }));
    }),
  );
  return byZone.flat();
}
