import { anywhere, blockedBy } from "./firewall";
import { isRefusal, type Refusal, refused } from "./refusal";
import type { Endpoint, Instance, Route, RouteTable, World } from "./world";

/** The id of the gateway or endpoint through which an instance's packets leave its subnet. */
export type Way = { readonly through: string } | Refusal;

const https = 443;
const everything = "0.0.0.0/0";

/**
 * An instance's path to the internet or to S3 over HTTPS. Of the routes to the internet only the default route is evaluated.
 * What lies behind a transit gateway, a peering connection or an appliance is unknown here and counts as a working path.
 */
export function wayOut(world: World, instance: Instance, destination: "internet" | "s3"): Way {
  const { id, vpcId, subnetId } = instance;
  if (world.vpcs.find((vpc) => vpc.id === vpcId)?.dnsSupport === false) {
    return refused(`${vpcId} has enableDnsSupport=false, so ${id} can't resolve any name`);
  }
  if (destination === "s3") return wayToS3(world, instance);
  const blocked = blockedBy(world, instance.groupIds, "egress", https, anywhere);
  if (blocked !== undefined) return refused(`${id} can't reach the internet: ${blocked}`);
  const way = internetRoute(world, subnetId, instance);
  return isRefusal(way) ? refused(`${id} can't reach the internet: ${way.refused}`) : way;
}

/** Through the gateway endpoint in the subnet's route table; otherwise an interface endpoint with private DNS; otherwise the internet. */
function wayToS3(world: World, instance: Instance): Way {
  const { id, vpcId, subnetId, groupIds } = instance;
  const table = routeTableOf(world, subnetId);
  const service = `com.amazonaws.${world.region}.s3`;
  const offered = world.endpoints.filter(
    (endpoint) => endpoint.vpcId === vpcId && endpoint.service === service && endpoint.state === "available",
  );
  const gateway = offered.find(({ kind, routeTableIds }) => kind === "Gateway" && table !== undefined && routeTableIds.includes(table.id));
  if (gateway !== undefined) {
    const blocked = blockedBy(world, groupIds, "egress", https, { ...anywhere, name: "S3", behindPrefixList: true });
    return blocked === undefined ? { through: gateway.id } : refused(`${id} can't reach S3: ${blocked}`);
  }
  const privately = offered.find(({ kind, privateDns }) => kind === "Interface" && privateDns);
  if (privately !== undefined) return throughInterface(world, instance, privately);
  const way = wayOut(world, instance, "internet");
  if (!isRefusal(way)) return way;
  return refused(`${table?.id ?? "the route table"} of ${subnetId} has no VPC endpoint of ${service}, and ${way.refused}`);
}

function throughInterface(world: World, instance: Instance, endpoint: Endpoint): Way {
  const ranges = world.subnets.filter(({ id }) => endpoint.subnetIds.includes(id)).map(({ cidr }) => cidr);
  const from = { cidr: `${instance.privateIp}/32`, groupIds: instance.groupIds, name: instance.id };
  const blocked =
    ranges
      .map((cidr) => blockedBy(world, instance.groupIds, "egress", https, { cidr, groupIds: endpoint.groupIds, name: endpoint.id }))
      .find((reason) => reason !== undefined) ?? blockedBy(world, endpoint.groupIds, "ingress", https, from);
  return blocked === undefined ? { through: endpoint.id } : refused(`${instance.id} can't reach S3 through ${endpoint.id}: ${blocked}`);
}

/** The target of a subnet's default route. For an instance it is also checked whether answers come back. */
function internetRoute(world: World, subnetId: string, instance?: Instance): Way {
  const found = defaultRoute(world, subnetId);
  if (isRefusal(found)) return found;
  const { table, route } = found;
  const leads = `the default route of ${table.id}, the route table of ${subnetId},`;
  if (route.target.startsWith("igw-")) {
    const unattached = unattachedGateway(world, table, route);
    if (unattached !== undefined) return refused(`${leads} ${unattached}`);
    if (instance !== undefined && instance.publicIp === undefined) {
      return refused(`${leads} leads to ${route.target}, but ${instance.id} has no public address, so answers can't reach it`);
    }
    return { through: route.target };
  }
  if (route.target.startsWith("nat-")) {
    const nat = world.natGateways.find(({ id }) => id === route.target);
    if (nat?.state !== "available") return refused(`${leads} leads to ${route.target}, which is ${nat?.state ?? "gone"}`);
    const onward = publicSubnet(world, nat.subnetId);
    return onward === undefined
      ? { through: nat.id }
      : refused(`${leads} leads to ${nat.id}, which can't reach the internet itself: ${onward}`);
  }
  if (route.state === "blackhole") return refused(`${leads} is a blackhole: ${route.target} is gone`);
  return { through: route.target };
}

/** Why the internet can't reach public addresses in a subnet; undefined if it can. */
export function publicSubnet(world: World, subnetId: string): string | undefined {
  const found = defaultRoute(world, subnetId);
  if (isRefusal(found)) return found.refused;
  const { table, route } = found;
  const leads = `the default route of ${table.id}, the route table of ${subnetId},`;
  if (!route.target.startsWith("igw-")) return `${leads} leads to ${route.target} instead of an internet gateway`;
  const unattached = unattachedGateway(world, table, route);
  return unattached === undefined ? undefined : `${leads} ${unattached}`;
}

/** Whether a subnet's route table has a route to an internet gateway. The cloud controller calls such a subnet public. */
export function isPublicSubnet(world: World, subnetId: string): boolean {
  return routeTableOf(world, subnetId)?.routes.some(({ target }) => target.startsWith("igw-")) === true;
}

function unattachedGateway(world: World, table: RouteTable, route: Route): string | undefined {
  const gateway = world.internetGateways.find(({ id }) => id === route.target);
  if (gateway === undefined) return `leads to ${route.target}, which is gone`;
  return gateway.vpcIds.includes(table.vpcId) ? undefined : `leads to ${route.target}, which is not attached to ${table.vpcId}`;
}

function defaultRoute(world: World, subnetId: string): { table: RouteTable; route: Route } | Refusal {
  const table = routeTableOf(world, subnetId);
  if (table === undefined) return refused(`there is no route table for ${subnetId}`);
  const route = table.routes.find(({ destination }) => destination === everything);
  return route === undefined ? refused(`${table.id}, the route table of ${subnetId}, has no route to ${everything}`) : { table, route };
}

/** The route table associated with a subnet; otherwise the VPC's main one. */
function routeTableOf(world: World, subnetId: string): RouteTable | undefined {
  const vpcId = world.subnets.find(({ id }) => id === subnetId)?.vpcId;
  return (
    world.routeTables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ??
    world.routeTables.find((table) => table.main && table.vpcId === vpcId)
  );
}
