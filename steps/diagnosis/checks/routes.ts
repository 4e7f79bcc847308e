import type { Route, RouteTable } from "@aws-sdk/client-ec2";
import { type Finding, RESTORE_REMEDY } from "../finding";
import { isPendingOrRunning, instanceLabel, type Evidence } from "../evidence";
import type { DiagnosisTarget } from "../target";

const anywhere = "0.0.0.0/0";

/** Checks that instances have a route to their images, and that the external load balancer's subnets have a route to the internet. */
export function checkRoutes(target: DiagnosisTarget, evidence: Evidence): Finding[] {
  const { network, machines = [] } = evidence;
  if (network?.routeTables === undefined) return [];
  const tables = network.routeTables;
  const alive = machines.filter(isPendingOrRunning);
  const subnets = [...new Set(alive.flatMap(({ instance }) => instance.SubnetId ?? []))].sort();
  return [
    ...subnets.flatMap((subnet) => egressOf(target, evidence, tables, subnet)),
    ...routeToS3(target, evidence, tables),
    ...(evidence.balancing.balancers.ext?.balancer.AvailabilityZones ?? []).flatMap(({ SubnetId }) =>
      externalSubnet(tables, SubnetId ?? ""),
    ),
  ];
}

function egressOf(
  { needsDefaultRoute }: DiagnosisTarget,
  { network, machines = [] }: Evidence,
  tables: readonly RouteTable[],
  subnet: string,
): Finding[] {
  const table = tableOf(tables, subnet);
  const route = defaultRoute(table);
  const names = machines.filter((machine) => isPendingOrRunning(machine) && machine.instance.SubnetId === subnet).map(instanceLabel);
  const where = `subnet ${subnet} (${table?.RouteTableId ?? "without a route table"})`;
  const evidence = [`instances there: ${names.join(", ")}`];
  const broken = (problem: string): Finding[] => [{ layer: "route", problem, remedy: RESTORE_REMEDY, evidence }];
  if (route === undefined) {
    return needsDefaultRoute ? broken(`${where} has no default route, so its instances can't pull the release's images`) : [];
  }
  if (route.State === "blackhole") return broken(`the default route of ${where} leads to ${targetOf(route)}, which no longer exists`);
  const gateway = network?.natGateways?.find(({ NatGatewayId }) => NatGatewayId === route.NatGatewayId);
  if (gateway === undefined) return [];
  const id = gateway.NatGatewayId ?? "";
  if (gateway.State !== "available") {
    const reason = gateway.FailureMessage === undefined ? "" : ` (${gateway.FailureMessage})`;
    return broken(`NAT gateway ${id}, the target of the default route of ${where}, is ${gateway.State ?? "in an unknown state"}${reason}`);
  }
  const onward = defaultRoute(tableOf(tables, gateway.SubnetId ?? ""));
  if (leadsToInternet(onward)) return [];
  return broken(`NAT gateway ${id} is in subnet ${gateway.SubnetId ?? ""}, which has no default route to an internet gateway`);
}

/** The bootstrap instance must reach S3: it reads its ignition config from there before it does anything else. */
function routeToS3({ region }: DiagnosisTarget, { network, machines = [], ignition }: Evidence, tables: readonly RouteTable[]): Finding[] {
  const bootstrap = machines.find((machine) => machine.role === "bootstrap" && isPendingOrRunning(machine));
  if (ignition === undefined || bootstrap === undefined || network?.endpoints === undefined) return [];
  const table = tableOf(tables, bootstrap.instance.SubnetId ?? "");
  const id = table?.RouteTableId ?? "";
  const hasEndpoint = network.endpoints.some(
    ({ ServiceName, State, RouteTableIds = [] }) =>
      ServiceName?.endsWith(`.${region}.s3`) && State?.toLowerCase() === "available" && RouteTableIds.includes(id),
  );
  const route = defaultRoute(table);
  if (hasEndpoint || (route !== undefined && route.State !== "blackhole")) return [];
  return [
    {
      layer: "route",
      problem: `${instanceLabel(bootstrap)} can't reach S3, where its ignition config is: route table ${id} has neither a default route nor an S3 endpoint`,
      remedy: RESTORE_REMEDY,
    },
  ];
}

function externalSubnet(tables: readonly RouteTable[], subnet: string): Finding[] {
  const table = tableOf(tables, subnet);
  if (leadsToInternet(defaultRoute(table))) return [];
  return [
    {
      layer: "route",
      problem: `subnet ${subnet} of the external load balancer (${table?.RouteTableId ?? "without a route table"}) has no default route to an internet gateway`,
      remedy: RESTORE_REMEDY,
    },
  ];
}

/** The subnet's own route table, or else the VPC's main route table. */
function tableOf(tables: readonly RouteTable[], subnet: string): RouteTable | undefined {
  const associated = (matches: (association: { SubnetId?: string; Main?: boolean }) => boolean) =>
    tables.find(({ Associations = [] }) => Associations.some(matches));
  return associated(({ SubnetId }) => SubnetId === subnet) ?? associated(({ Main = false }) => Main);
}

function defaultRoute(table: RouteTable | undefined): Route | undefined {
  return table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === anywhere);
}

function leadsToInternet(route: Route | undefined): boolean {
  return route !== undefined && route.State !== "blackhole" && (route.GatewayId ?? "").startsWith("igw-");
}

function targetOf({ NatGatewayId, GatewayId, TransitGatewayId, NetworkInterfaceId, VpcPeeringConnectionId }: Route): string {
  return NatGatewayId ?? GatewayId ?? TransitGatewayId ?? NetworkInterfaceId ?? VpcPeeringConnectionId ?? "a target";
}
