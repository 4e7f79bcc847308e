import { paginateDescribeLoadBalancers as paginateClassic, type LoadBalancerDescription } from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer as ModernBalancer,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
  type TargetGroup as ModernGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { HealthCheck, LoadBalancer, TargetGroup } from "../aws-snapshot";
import { clientsOf } from "./clients";
import { collectPages } from "../../../lib/aws/pages";

type WithoutAddresses = Omit<LoadBalancer, "addresses">;

/** The region's load balancers and target groups; classic load balancers are included. */
export async function readBalancers(region: string): Promise<{ loadBalancers: WithoutAddresses[]; targetGroups: TargetGroup[] }> {
  const { balancing: client, classicBalancing: classicClient } = clientsOf(region);
  const [loadBalancers, targetGroups, classic] = await Promise.all([
    collectPages(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers).then((found) =>
      Promise.all(found.map((balancer) => modernBalancer(client, balancer))),
    ),
    collectPages(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups).then((found) =>
      Promise.all(found.map((group) => modernGroup(client, group))),
    ),
    collectPages(paginateClassic({ client: classicClient }, {}), (page) => page.LoadBalancerDescriptions),
  ]);
  return {
    loadBalancers: [...loadBalancers, ...classic.map(classicBalancer)],
    targetGroups: [...targetGroups, ...classic.flatMap(classicGroups)],
  };
}

async function modernBalancer(client: ElasticLoadBalancingV2Client, balancer: ModernBalancer): Promise<WithoutAddresses> {
  const arn = balancer.LoadBalancerArn ?? "";
  const listeners = await collectPages(paginateDescribeListeners({ client }, { LoadBalancerArn: arn }), (page) => page.Listeners);
  return {
    id: arn,
    name: balancer.LoadBalancerName ?? "",
    kind: balancer.Type ?? "network",
    internal: balancer.Scheme === "internal",
    dnsName: (balancer.DNSName ?? "").toLowerCase(),
    vpcId: balancer.VpcId ?? "",
    subnetIds: (balancer.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    groupIds: balancer.SecurityGroups ?? [],
    listeners: listeners.map(({ Protocol = "TCP", Port = 0, DefaultActions = [] }) => ({
      protocol: Protocol,
      port: Port,
      targetGroupIds: [
        ...new Set(
          DefaultActions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
            ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
            ...(ForwardConfig?.TargetGroups ?? []).flatMap((weighted) => weighted.TargetGroupArn ?? []),
          ]),
        ),
      ],
    })),
  };
}

async function modernGroup(client: ElasticLoadBalancingV2Client, group: ModernGroup): Promise<TargetGroup> {
  const id = group.TargetGroupArn ?? "";
  const [{ TargetHealthDescriptions: targets = [] }, { Attributes: attributes = [] }] = await Promise.all([
    client.send(new DescribeTargetHealthCommand({ TargetGroupArn: id })),
    client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: id })),
  ]);
  const preserves = attributes.find(({ Key }) => Key === "preserve_client_ip.enabled")?.Value;
  const targetType = group.TargetType ?? "instance";
  const port = group.Port ?? 0;
  const checkPort = Number(group.HealthCheckPort);
  return {
    id,
    name: group.TargetGroupName ?? "",
    vpcId: group.VpcId ?? "",
    protocol: group.Protocol ?? "TCP",
    port,
    targetType,
    // The default of preserve_client_ip.enabled is off for targets by address and on for targets by instance id:
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
    preservesClientIp: preserves === undefined ? targetType === "instance" : preserves === "true",
    healthCheck: {
      protocol: group.HealthCheckProtocol ?? "TCP",
      ...(Number.isInteger(checkPort) && checkPort > 0 ? { port: checkPort } : {}),
      path: group.HealthCheckPath ?? "/",
      codes: group.Matcher?.HttpCode ?? "200-399",
    },
    targets: targets.map(({ Target }) => ({ id: Target?.Id ?? "", port: Target?.Port ?? port })),
    loadBalancerIds: group.LoadBalancerArns ?? [],
  };
}

function classicBalancer(balancer: LoadBalancerDescription): WithoutAddresses {
  const name = balancer.LoadBalancerName ?? "";
  return {
    id: name,
    name,
    kind: "classic",
    internal: balancer.Scheme === "internal",
    dnsName: (balancer.DNSName ?? "").toLowerCase(),
    vpcId: balancer.VPCId ?? "",
    subnetIds: balancer.Subnets ?? [],
    groupIds: balancer.SecurityGroups ?? [],
    listeners: (balancer.ListenerDescriptions ?? []).map(({ Listener }) => ({
      protocol: Listener?.Protocol ?? "TCP",
      port: Listener?.LoadBalancerPort ?? 0,
      targetGroupIds: [`${name}:${Listener?.InstancePort ?? 0}`],
    })),
  };
}

/** One target group for each port to which a classic load balancer's listeners forward. */
function classicGroups(balancer: LoadBalancerDescription): TargetGroup[] {
  const name = balancer.LoadBalancerName ?? "";
  const ports = new Set((balancer.ListenerDescriptions ?? []).map(({ Listener }) => Listener?.InstancePort ?? 0));
  return [...ports].map((port) => ({
    id: `${name}:${port}`,
    name: `${name}:${port}`,
    vpcId: balancer.VPCId ?? "",
    protocol: "TCP",
    port,
    targetType: "instance",
    preservesClientIp: false,
    healthCheck: classicHealthCheck(balancer.HealthCheck?.Target ?? `TCP:${port}`),
    targets: (balancer.Instances ?? []).map(({ InstanceId = "" }) => ({ id: InstanceId, port })),
    loadBalancerIds: [name],
  }));
}

/** Parses `HTTP:30254/healthz` or `TCP:80` (API reference, "HealthCheck"). Any HTTP status other than 200 is unhealthy. */
function classicHealthCheck(target: string): HealthCheck {
  const [, protocol = "TCP", port = "0", path = "/"] = /^(\w+):(\d+)(\/.*)?$/.exec(target) ?? [];
  return { protocol, port: Number(port), path, codes: "200" };
}
