import * as aws from "@pulumi/aws";
import type { ExistingNetwork } from "../../config/configuration";
import type { Problem } from "../../config/configuration-error";
import { unlessMissing } from "../missing";
import { subnetRoleTags } from "./network";

/** An existing subnet as AWS describes it. */
export interface FoundSubnet {
  readonly id: string;
  readonly zone: string;
  readonly cidrBlock: string;
  readonly freeAddresses: number;
  /** What its instances' host names are made from: `ip-name` or `resource-name`. */
  readonly hostnames: string;
  /** Its route table: its own, or the VPC's main one. */
  readonly routeTableId?: string;
  /** Target of the route to the internet, `igw-…` in a public subnet; undefined without one. */
  readonly defaultRoute?: string;
  /** Whether any route leads out of the VPC: to the internet, or to a network where there may be more. */
  readonly leadsOut: boolean;
  /** Whether it carries the role tag for load balancers of its kind. */
  readonly hasRoleTag: boolean;
}

/** An existing network as AWS describes it. */
export interface FoundNetwork {
  readonly vpcId: string;
  /** Ranges of the VPC. */
  readonly vpcCidrs: readonly string[];
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  /** The first domain of its DHCP options, after which nodes are named: in lower case, without a dot at its end; empty where there is none. */
  readonly domain: string;
  readonly privateSubnets: readonly FoundSubnet[];
  readonly publicSubnets: readonly FoundSubnet[];
}

/** Asks AWS what the configured VPC and subnets are; undefined, with the problems told, where they aren't there. */
export async function findNetwork(configured: ExistingNetwork, problems: Problem[]): Promise<FoundNetwork | undefined> {
  const { vpcId, privateSubnetIds, publicSubnetIds } = configured;
  const asked = unlessMissing(aws.ec2.getVpc({ id: vpcId }));
  const [vpc, domain, routes, privateSubnets, publicSubnets] = await Promise.all([
    asked,
    asked.then(findDomain),
    findRouting(vpcId),
    findSubnets("privateSubnetIds", privateSubnetIds, vpcId, problems),
    findSubnets("publicSubnetIds", publicSubnetIds, vpcId, problems),
  ]);
  if (vpc === undefined) {
    problems.push({
      key: "vpcId",
      wrong: `names ${vpcId}, which this account doesn't have in the region`,
      value: vpcId,
      allowed: "a VPC of the stack's account and region",
      fix: "aws ec2 describe-vpcs lists them",
    });
  }
  if (vpc === undefined || privateSubnets === undefined || publicSubnets === undefined) return undefined;
  const found = (kind: "public" | "private", subnet: aws.ec2.GetSubnetResult): FoundSubnet => ({
    id: subnet.id,
    zone: subnet.availabilityZone,
    cidrBlock: subnet.cidrBlock,
    freeAddresses: subnet.availableIpAddressCount,
    hostnames: subnet.privateDnsHostnameTypeOnLaunch,
    ...(routes.get(subnet.id) ?? routes.get("main") ?? { leadsOut: false }),
    hasRoleTag: subnetRoleTags[kind].key in subnet.tags,
  });
  return {
    vpcId,
    vpcCidrs: vpc.cidrBlockAssociations.map(({ cidrBlock }) => cidrBlock),
    dnsSupport: vpc.enableDnsSupport,
    dnsHostnames: vpc.enableDnsHostnames,
    domain,
    privateSubnets: privateSubnets.map((subnet) => found("private", subnet)),
    publicSubnets: publicSubnets.map((subnet) => found("public", subnet)),
  };
}

/** Of several domains, separated by spaces, a kubelet takes the first. A VPC without DHCP options has the ID "default" in their place. */
async function findDomain(vpc: aws.ec2.GetVpcResult | undefined): Promise<string> {
  const { dhcpOptionsId = "" } = vpc ?? {};
  if (!dhcpOptionsId.startsWith("dopt-")) return "";
  const { domainName } = await aws.ec2.getVpcDhcpOptions({ dhcpOptionsId });
  return domainName.trim().split(/\s+/)[0].toLowerCase().replace(/\.$/, "");
}

/** The subnets, or undefined where one doesn't exist or lies in another VPC. */
async function findSubnets(
  key: "privateSubnetIds" | "publicSubnetIds",
  ids: readonly string[],
  vpcId: string,
  problems: Problem[],
): Promise<aws.ec2.GetSubnetResult[] | undefined> {
  const found = await Promise.all(ids.map((id) => unlessMissing(aws.ec2.getSubnet({ id }))));
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
      fix: `aws ec2 describe-subnets --filters Name=vpc-id,Values=${vpcId} lists them`,
    });
  }
  return undefined;
}

/** Where a table's subnets lead. */
type Routing = Pick<FoundSubnet, "routeTableId" | "defaultRoute" | "leadsOut">;

/** By subnet, and under `main` for subnets without a table of their own. */
async function findRouting(vpcId: string): Promise<Map<string, Routing>> {
  const { ids } = await aws.ec2.getRouteTables({ vpcId });
  const tables = await Promise.all(ids.map((routeTableId) => aws.ec2.getRouteTable({ routeTableId })));
  const found = new Map<string, Routing>();
  for (const [index, { associations, routes }] of tables.entries()) {
    const routeTableId = ids[index];
    const route = routes.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
    const routing = { routeTableId, defaultRoute: route && targetOf(route), leadsOut: routes.some(leadsOut) };
    for (const { main, subnetId } of associations) {
      if (subnetId !== "") found.set(subnetId, routing);
      if (main) found.set("main", routing);
    }
  }
  return found;
}

type Route = aws.types.output.ec2.GetRouteTableRoute;

function targetOf(route: Route): string | undefined {
  return [
    route.gatewayId,
    route.natGatewayId,
    route.transitGatewayId,
    route.networkInterfaceId,
    route.vpcPeeringConnectionId,
    route.vpcEndpointId,
    route.coreNetworkArn,
    route.localGatewayId,
  ].find(Boolean);
}

/** The VPC's own range stays inside, and so does what a gateway endpoint takes. */
function leadsOut(route: Route): boolean {
  const target = targetOf(route);
  return target !== undefined && target !== "local" && !(target === route.gatewayId && target.startsWith("vpce-"));
}
