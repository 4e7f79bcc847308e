import { anywhere, blockedBy } from "./firewall";
import { isRefusal, type Refusal, refused } from "./refusal";
import type { Endpoint, Instance, Route, RouteTable, World } from "./world";

/** What a machine's packets leave its subnet through: the id of a gateway or endpoint. */
export type Way = { readonly through: string } | Refusal;

const https = 443;
const everything = "0.0.0.0/0";

/**
 * The way of a machine's packets to the internet, or to S3, over HTTPS. Of the routes to the internet only the default one is looked at.
 * What lies behind a transit gateway, a peering or an appliance isn't known here: it is taken for a way.
 */
export function wayOut(world: World, instance: Instance, destination: "internet" | "s3"): Way {
  const { id, vpcId, subnetId } = instance;
  if (world.vpcs.find((vpc) => vpc.id === vpcId)?.dnsSupport === false) {
    return refused(`${vpcId} has enableDnsSupport off, so ${id} can't resolve the name of what it wants to reach`);
  }
  if (destination === "s3") return wayToS3(world, instance);
  const blocked = blockedBy(world, instance.groupIds, "egress", https, anywhere);
  if (blocked !== undefined) return refused(`${id} has no way to the internet: ${blocked}`);
  const way = internetRoute(world, subnetId, instance);
  return isRefusal(way) ? refused(`${id} has no way to the internet: ${way.refused}`) : way;
}

/** By the gateway endpoint on the subnet's route table, else by an interface endpoint with private DNS, else by the internet. */
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
    return blocked === undefined ? { through: gateway.id } : refused(`${id} has no way to S3: ${blocked}`);
  }
  const privately = offered.find(({ kind, privateDns }) => kind === "Interface" && privateDns);
  if (privately !== undefined) return throughInterface(world, instance, privately);
  const way = wayOut(world, instance, "internet");
  if (!isRefusal(way)) return way;
  return refused(`no VPC endpoint of ${service} is on ${table?.id ?? "a route table"} of ${subnetId}, and ${way.refused}`);
}

function throughInterface(world: World, instance: Instance, endpoint: Endpoint): Way {
  const ranges = world.subnets.filter(({ id }) => endpoint.subnetIds.includes(id)).map(({ cidr }) => cidr);
  const from = { cidr: `${instance.privateIp}/32`, groupIds: instance.groupIds, name: instance.id };
  const blocked =
    ranges
      .map((cidr) => blockedBy(world, instance.groupIds, "egress", https, { cidr, groupIds: endpoint.groupIds, name: endpoint.id }))
      .find((reason) => reason !== undefined) ?? blockedBy(world, endpoint.groupIds, "ingress", https, from);
  return blocked === undefined ? { through: endpoint.id } : refused(`${instance.id} has no way to S3 through ${endpoint.id}: ${blocked}`);
}

/** Where the default route of a subnet leads; for a machine, whether it gets answers there. */
function internetRoute(world: World, subnetId: string, instance?: Instance): Way {
  const found = defaultRoute(world, subnetId);
  if (isRefusal(found)) return found;
  const { table, route } = found;
  const leads = `the default route of ${table.id}, the route table of ${subnetId},`;
  if (route.target.startsWith("igw-")) {
    const unattached = unattachedGateway(world, table, route);
    if (unattached !== undefined) return refused(`${leads} ${unattached}`);
    if (instance !== undefined && instance.publicIp === undefined) {
      return refused(`${leads} leads to ${route.target}, but ${instance.id} has no public address, so no answer finds back to it`);
    }
    return { through: route.target };
  }
  if (route.target.startsWith("nat-")) {
    const nat = world.natGateways.find(({ id }) => id === route.target);
    if (nat?.state !== "available") return refused(`${leads} leads to ${route.target}, which is ${nat?.state ?? "gone"}`);
    const onward = publicSubnet(world, nat.subnetId);
    return onward === undefined ? { through: nat.id } : refused(`${leads} leads to ${nat.id}, which is cut off itself: ${onward}`);
  }
  if (route.state === "blackhole") return refused(`${leads} is a blackhole: ${route.target} is gone`);
  return { through: route.target };
}

/** Why the internet doesn't reach a subnet's public addresses; undefined where it does. */
export function publicSubnet(world: World, subnetId: string): string | undefined {
  const found = defaultRoute(world, subnetId);
  if (isRefusal(found)) return found.refused;
  const { table, route } = found;
  const leads = `the default route of ${table.id}, the route table of ${subnetId},`;
  if (!route.target.startsWith("igw-")) return `${leads} leads to ${route.target} instead of an internet gateway`;
  const unattached = unattachedGateway(world, table, route);
  return unattached === undefined ? undefined : `${leads} ${unattached}`;
}

/** Whether a subnet's route table has a route to an internet gateway, by which the cloud controller tells public subnets. */
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

/** The table that is associated with a subnet, else the main one of its VPC. */
function routeTableOf(world: World, subnetId: string): RouteTable | undefined {
  const vpcId = world.subnets.find(({ id }) => id === subnetId)?.vpcId;
  return (
    world.routeTables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ??
    world.routeTables.find((table) => table.main && table.vpcId === vpcId)
  );
}
