import { createHash } from "node:crypto";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type LoadBalancer,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { sandboxClientConfiguration } from "../../aws/client";
import {
  type Balancer,
  balancerName,
  type BalancerRequest,
  type BalancerType,
  nodeGroups,
  ownedTags,
  type RouterService,
  serviceName,
  ignoreErrors,
} from "./balancer";
import { subnetsFor } from "./balancer-subnets";

/**
 * A Network Load Balancer without a security group. Packets keep the clients' addresses, so the nodes' security groups must admit the
 * clients.
 */
export const networkBalancer: BalancerType = {
  async ensure(request) {
    const { region, infraId, service, internal } = request;
    const client = new ElasticLoadBalancingV2Client(sandboxClientConfiguration(region));
    const Tags = ownedTags(infraId, service);
    await openNodes(request);
    const balancer =
      (await find(client, service)) ??
      (
        await client.send(
          new CreateLoadBalancerCommand({
            Name: balancerName(service),
            Type: "network",
            Scheme: internal ? "internal" : "internet-facing",
            Subnets: subnetsFor(request).map(({ id }) => id),
            Tags,
          }),
        )
      ).LoadBalancers?.[0];
    if (balancer === undefined) throw new Error(`AWS created no load balancer for ${serviceName(service)}`);
    for (const { port, nodePort } of service.spec.ports) await ensureTargets(client, request, balancer, port, nodePort);
    return aliasTargetOf(balancer);
  },

  async find(region, service) {
    const found = await find(new ElasticLoadBalancingV2Client(sandboxClientConfiguration(region)), service);
    return found && aliasTargetOf(found);
  },

  async remove({ region, service }) {
    const client = new ElasticLoadBalancingV2Client(sandboxClientConfiguration(region));
    const balancer = await find(client, service);
    if (balancer !== undefined) await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: balancer.LoadBalancerArn }));
    for (const { nodePort } of service.spec.ports) {
      const arn = await findTargets(client, targetsName(service, nodePort));
      if (arn !== undefined) await client.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }));
    }
    await closeNodes(region, service);
  },
};

const aliasTargetOf = ({ DNSName = "", CanonicalHostedZoneId = "" }: LoadBalancer): Balancer => ({
  dnsName: DNSName,
  zoneId: CanonicalHostedZoneId,
});

async function ensureTargets(
  client: ElasticLoadBalancingV2Client,
  { infraId, service, instances }: BalancerRequest,
  { LoadBalancerArn }: LoadBalancer,
  port: number,
  nodePort: number,
): Promise<void> {
  const Name = targetsName(service, nodePort);
  const Tags = ownedTags(infraId, service);
  const found = await findTargets(client, Name);
  const made = async (): Promise<string | undefined> => {
    const { TargetGroups } = await client.send(
      new CreateTargetGroupCommand({
        Name,
        Protocol: "TCP",
        Port: nodePort,
        VpcId: instances[0].vpcId,
        TargetType: "instance",
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: String(service.spec.healthCheckNodePort),
        HealthCheckPath: "/healthz",
        HealthCheckIntervalSeconds: 10,
        Tags,
      }),
    );
    const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }];
    await client.send(new CreateListenerCommand({ LoadBalancerArn, Protocol: "TCP", Port: port, DefaultActions, Tags }));
    return TargetGroups?.[0]?.TargetGroupArn;
  };
  const TargetGroupArn = found ?? (await made());
  const Targets = instances.map(({ id }) => ({ Id: id, Port: nodePort }));
  await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
}

async function find(client: ElasticLoadBalancingV2Client, service: RouterService): Promise<LoadBalancer | undefined> {
  const answer = await client
    .send(new DescribeLoadBalancersCommand({ Names: [balancerName(service)] }))
    .catch(ignoreErrors("LoadBalancerNotFound"));
  return answer?.LoadBalancers?.at(0);
}

async function findTargets(client: ElasticLoadBalancingV2Client, name: string): Promise<string | undefined> {
  const answer = await client.send(new DescribeTargetGroupsCommand({ Names: [name] })).catch(ignoreErrors("TargetGroupNotFound"));
  return answer?.TargetGroups?.at(0)?.TargetGroupArn;
}

/** The name of a target group: `k8s-<namespace>-<name>-<hash>`, each part shortened. */
function targetsName(service: RouterService, nodePort: number): string {
  const { namespace = "", name = "" } = service.metadata;
  const hash = createHash("sha256")
    .update(`${balancerName(service)}:${nodePort}`)
    .digest("hex")
    .slice(0, 10);
  return `k8s-${namespace.replaceAll("-", "").slice(0, 8)}-${name.replaceAll("-", "").slice(0, 8)}-${hash}`;
}

/**
 * The description by which the controller recognises its own rules: for clients, and for health checks from the load balancer's subnets.
 */
const ruleDescription = (kind: "client" | "health", service: RouterService): string =>
  `kubernetes.io/rule/nlb/${kind}=${balancerName(service)}`;

function permissionsFor(request: BalancerRequest): IpPermission[] {
  const { service } = request;
  const open = (kind: "client" | "health", port: number, ranges: readonly string[]): IpPermission => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    IpRanges: ranges.map((CidrIp) => ({ CidrIp, Description: ruleDescription(kind, service) })),
  });
  const subnets = subnetsFor(request).map(({ cidr }) => cidr);
  return [
    ...service.spec.ports.map(({ nodePort }) => open("client", nodePort, service.spec.loadBalancerSourceRanges ?? ["0.0.0.0/0"])),
    open("health", service.spec.healthCheckNodePort, subnets),
  ];
}

async function openNodes(request: BalancerRequest): Promise<void> {
  const { region, service } = request;
  const client = new EC2Client(sandboxClientConfiguration(region));
  const wanted = permissionsFor(request);
  const before = await ownPermissions(client, service);
  for (const GroupId of nodeGroups(request)) {
    const own = before.find((group) => group.GroupId === GroupId)?.permissions ?? [];
    if (comparable(own) === comparable(wanted)) continue;
    if (own.length > 0) await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: own }));
    await client
      .send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: wanted }))
      .catch(ignoreErrors("InvalidPermission.Duplicate"));
  }
}

async function closeNodes(region: string, service: RouterService): Promise<void> {
  const client = new EC2Client(sandboxClientConfiguration(region));
  for (const { GroupId, permissions } of await ownPermissions(client, service))
    await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: permissions }));
}

/** The controller's own rules, by security group. */
async function ownPermissions(
  client: EC2Client,
  service: RouterService,
): Promise<{ readonly GroupId: string; readonly permissions: IpPermission[] }[]> {
  const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({}));
  return SecurityGroups.flatMap(({ GroupId = "", IpPermissions = [] }) => {
    const permissions = IpPermissions.flatMap(({ IpProtocol, FromPort, ToPort, IpRanges = [] }) => {
      const own = IpRanges.filter(({ Description = "" }) =>
        [ruleDescription("client", service), ruleDescription("health", service)].includes(Description),
      );
      return own.length === 0 ? [] : [{ IpProtocol, FromPort, ToPort, IpRanges: own }];
    });
    return permissions.length === 0 ? [] : [{ GroupId, permissions }];
  });
}

function comparable(permissions: readonly IpPermission[]): string {
  return permissions
    .flatMap(({ FromPort, IpRanges = [] }) => IpRanges.map(({ CidrIp }) => `${FromPort ?? 0} ${CidrIp ?? ""}`))
    .sort()
    .join();
}
