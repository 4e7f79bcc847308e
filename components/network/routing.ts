import * as aws from "@pulumi/aws";

/** Routes of a subnet. */
export interface Routing {
  /** The subnet's own route table, or the VPC's main one. */
  readonly routeTableId?: string;
  /** Target of the route to the internet, `igw-…` in a public subnet; undefined without such a route. */
  readonly defaultRoute?: string;
  /** Whether any route leads out of the VPC: to the internet, or to another network. */
  readonly leavesVpc: boolean;
  /** Whether any route leads to an internet gateway; the cloud controller recognizes public subnets by such a route. */
  readonly reachesInternetGateway: boolean;
}

/** Looks up the routes of a VPC. Returns a function that gives a subnet's routing by its ID. */
export async function findRouting(vpcId: string): Promise<(subnetId: string) => Routing> {
  const { ids } = await aws.ec2.getRouteTables({ vpcId });
  const tables = await Promise.all(ids.map((routeTableId) => aws.ec2.getRouteTable({ routeTableId })));
  const found = new Map<string, Routing>();
  let main: Routing = { leavesVpc: false, reachesInternetGateway: false };
  for (const [index, { associations, routes }] of tables.entries()) {
    const route = routes.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
    const routing = {
      routeTableId: ids[index],
      ...(route && { defaultRoute: targetOf(route) }),
      leavesVpc: routes.some(leavesVpc),
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

/** Routes to the VPC's own CIDR block (`local`) and to a gateway endpoint stay inside. */
function leavesVpc(route: Route): boolean {
  const target = targetOf(route);
  return target !== undefined && target !== "local" && !(target === route.gatewayId && target.startsWith("vpce-"));
}
