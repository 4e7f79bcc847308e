import * as aws from "@pulumi/aws";

/** Where a subnet's route table leads. */
export interface Routing {
  /** Its route table: its own, or the VPC's main one. */
  readonly routeTableId?: string;
  /** Target of the route to the internet, `igw-…` in a public subnet; undefined without one. */
  readonly defaultRoute?: string;
  /** Whether any route leads out of the VPC: to the internet, or to a network where there may be more. */
  readonly leadsOut: boolean;
  /** Whether any route leads to an internet gateway, by which the cloud controller tells public subnets. */
  readonly reachesInternetGateway: boolean;
}

/** The routing of every subnet of a VPC, by the subnet's ID. */
export async function findRouting(vpcId: string): Promise<(subnetId: string) => Routing> {
  const { ids } = await aws.ec2.getRouteTables({ vpcId });
  const tables = await Promise.all(ids.map((routeTableId) => aws.ec2.getRouteTable({ routeTableId })));
  const found = new Map<string, Routing>();
  let main: Routing = { leadsOut: false, reachesInternetGateway: false };
  for (const [index, { associations, routes }] of tables.entries()) {
    const route = routes.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
    const routing = {
      routeTableId: ids[index],
      ...(route && { defaultRoute: targetOf(route) }),
      leadsOut: routes.some(leadsOut),
      reachesInternetGateway: routes.some((each) => targetOf(each)?.startsWith("igw-")),
    };
    for (const association of associations) {
      if (association.subnetId !== "") found.set(association.subnetId, routing);
      if (association.main) main = routing;
    }
  }
  return (subnetId) => found.get(subnetId) ?? main;
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
