import { anywhere, blockedBy } from "./firewall";
import { isFailure, type Failure, failure } from "./failure";
import type { Endpoint, Instance, Route, RouteTable, AwsSnapshot } from "./aws-snapshot";

/** The id of the gateway or endpoint through which an instance's packets leave its subnet. */
export type Egress = { readonly through: string } | Failure;

const https = 443;
const everything = "0.0.0.0/0";

/**
 * An instance's path to the internet or to S3 over HTTPS. Of the routes to the internet only the default route is evaluated. The networks behind a transit
 * gateway, a peering connection or an appliance are unknown here and count as a working path.
 */
export function egressTo(snapshot: AwsSnapshot, instance: Instance, destination: "internet" | "s3"): Egress {
  const { id, vpcId, subnetId } = instance;
  if (snapshot.vpcs.find((vpc) => vpc.id === vpcId)?.dnsSupport === false) {
    return failure(`${vpcId} has enableDnsSupport=false, so ${id} can't resolve any name`);
  }
  if (destination === "s3") return egressToS3(snapshot, instance);
  const blocked = blockedBy(snapshot, instance.groupIds, "egress", https, anywhere);
  if (blocked !== undefined) return failure(`${id} can't reach the internet: ${blocked}`);
  const way = internetRoute(snapshot, subnetId, instance);
  return isFailure(way) ? failure(`${id} can't reach the internet: ${way.reason}`) : way;
}

/** The path is the gateway endpoint in the subnet's route table; otherwise an interface endpoint with private DNS; otherwise the internet. */
function egressToS3(snapshot: AwsSnapshot, instance: Instance): Egress {
  const { id, vpcId, subnetId, groupIds } = instance;
  const table = routeTableOf(snapshot, subnetId);
  const service = `com.amazonaws.${snapshot.region}.s3`;
  const offered = snapshot.endpoints.filter(
    (endpoint) => endpoint.vpcId === vpcId && endpoint.service === service && endpoint.state === "available",
  );
  const gateway = offered.find(({ kind, routeTableIds }) => kind === "Gateway" && table !== undefined && routeTableIds.includes(table.id));
  if (gateway !== undefined) {
    const blocked = blockedBy(snapshot, groupIds, "egress", https, { ...anywhere, name: "S3", behindPrefixList: true });
    return blocked === undefined ? { through: gateway.id } : failure(`${id} can't reach S3: ${blocked}`);
  }
  const privately = offered.find(({ kind, privateDns }) => kind === "Interface" && privateDns);
  if (privately !== undefined) return throughInterface(snapshot, instance, privately);
  const way = egressTo(snapshot, instance, "internet");
  if (!isFailure(way)) return way;
  return failure(`${table?.id ?? "the route table"} of ${subnetId} has no VPC endpoint of ${service}, and ${way.reason}`);
}

function throughInterface(snapshot: AwsSnapshot, instance: Instance, endpoint: Endpoint): Egress {
  const ranges = snapshot.subnets.filter(({ id }) => endpoint.subnetIds.includes(id)).map(({ cidr }) => cidr);
  const from = { cidr: `${instance.privateIp}/32`, groupIds: instance.groupIds, name: instance.id };
  const blocked =
    ranges
      .map((cidr) => blockedBy(snapshot, instance.groupIds, "egress", https, { cidr, groupIds: endpoint.groupIds, name: endpoint.id }))
      .find((reason) => reason !== undefined) ?? blockedBy(snapshot, endpoint.groupIds, "ingress", https, from);
  return blocked === undefined ? { through: endpoint.id } : failure(`${instance.id} can't reach S3 through ${endpoint.id}: ${blocked}`);
}

/** The target of a subnet's default route. With `instance`, it also checks that answers can reach that instance. */
function internetRoute(snapshot: AwsSnapshot, subnetId: string, instance?: Instance): Egress {
  const found = defaultRoute(snapshot, subnetId);
  if (isFailure(found)) return found;
  const { table, route } = found;
  const leads = `the default route of ${table.id}, the route table of ${subnetId},`;
  if (route.target.startsWith("igw-")) {
    const unattached = unattachedGateway(snapshot, table, route);
    if (unattached !== undefined) return failure(`${leads} ${unattached}`);
    if (instance !== undefined && instance.publicIp === undefined) {
      return failure(`${leads} leads to ${route.target}, but ${instance.id} has no public address, so answers can't reach it`);
    }
    return { through: route.target };
  }
  if (route.target.startsWith("nat-")) {
    const nat = snapshot.natGateways.find(({ id }) => id === route.target);
    if (nat?.state !== "available") return failure(`${leads} leads to ${route.target}, which is ${nat?.state ?? "gone"}`);
    const onward = publicSubnet(snapshot, nat.subnetId);
    return onward === undefined
      ? { through: nat.id }
      : failure(`${leads} leads to ${nat.id}, which can't reach the internet itself: ${onward}`);
  }
  if (route.state === "blackhole") return failure(`${leads} is a blackhole: ${route.target} is gone`);
  return { through: route.target };
}

/** The reason why the internet can't reach public addresses in a subnet; undefined if it can. */
export function publicSubnet(snapshot: AwsSnapshot, subnetId: string): string | undefined {
  const found = defaultRoute(snapshot, subnetId);
  if (isFailure(found)) return found.reason;
  const { table, route } = found;
  const leads = `the default route of ${table.id}, the route table of ${subnetId},`;
  if (!route.target.startsWith("igw-")) return `${leads} leads to ${route.target} instead of an internet gateway`;
  const unattached = unattachedGateway(snapshot, table, route);
  return unattached === undefined ? undefined : `${leads} ${unattached}`;
}

/** Whether a subnet's route table has a route to an internet gateway. The cloud controller calls such a subnet public. */
export function isPublicSubnet(snapshot: AwsSnapshot, subnetId: string): boolean {
  return routeTableOf(snapshot, subnetId)?.routes.some(({ target }) => target.startsWith("igw-")) === true;
}

function unattachedGateway(snapshot: AwsSnapshot, table: RouteTable, route: Route): string | undefined {
  const gateway = snapshot.internetGateways.find(({ id }) => id === route.target);
  if (gateway === undefined) return `leads to ${route.target}, which is gone`;
  return gateway.vpcIds.includes(table.vpcId) ? undefined : `leads to ${route.target}, which is not attached to ${table.vpcId}`;
}

function defaultRoute(snapshot: AwsSnapshot, subnetId: string): { table: RouteTable; route: Route } | Failure {
  const table = routeTableOf(snapshot, subnetId);
  if (table === undefined) return failure(`there is no route table for ${subnetId}`);
  const route = table.routes.find(({ destination }) => destination === everything);
  return route === undefined ? failure(`${table.id}, the route table of ${subnetId}, has no route to ${everything}`) : { table, route };
}

/** The route table associated with a subnet; otherwise the VPC's main one. */
function routeTableOf(snapshot: AwsSnapshot, subnetId: string): RouteTable | undefined {
  const vpcId = snapshot.subnets.find(({ id }) => id === subnetId)?.vpcId;
  return (
    snapshot.routeTables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ??
    snapshot.routeTables.find((table) => table.main && table.vpcId === vpcId)
  );
}
