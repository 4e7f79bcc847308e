import {
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  ModifyLoadBalancerAttributesCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
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

const gone = ignoreErrors("AccessPointNotFound", "LoadBalancerNotFound");

/** A classic load balancer with its own security group. The nodes' security groups admit traffic from that group. */
export const classicBalancer: BalancerType = {
  async ensure(request) {
    const { region, service, instances } = request;
    const client = new ElasticLoadBalancingClient(sandboxClientConfiguration(region));
    const name = balancerName(service);
    const found = await find(client, name);
    const group = await ensureGroup(request);
    await setRanges(region, group, service);
    if (found === undefined) {
      await openNodes(request, group);
      await make(client, request, group);
    }
    const members = instances.map(({ id }) => ({ InstanceId: id }));
    await client.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName: name, Instances: members }));
    const balancer = found ?? (await find(client, name));
    if (balancer === undefined) throw new Error(`the load balancer ${name} disappeared right after it was created`);
    return balancer;
  },

  find: (region, service) => find(new ElasticLoadBalancingClient(sandboxClientConfiguration(region)), balancerName(service)),

  async remove({ region, service, snapshot }) {
    const name = balancerName(service);
    await new ElasticLoadBalancingClient(sandboxClientConfiguration(region))
      .send(new DeleteLoadBalancerCommand({ LoadBalancerName: name }))
      .catch(gone);
    const client = new EC2Client(sandboxClientConfiguration(region));
    const group = await findGroup(client, name);
    if (group === undefined) return;
    const IpPermissions = fromGroup(group.id);
    for (const { id, ingress } of snapshot.securityGroups)
      if (ingress.some(({ groupIds }) => groupIds.includes(group.id)))
        await client
          .send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }))
          .catch(ignoreErrors("InvalidPermission.NotFound", "InvalidGroup.NotFound"));
    await client.send(new DeleteSecurityGroupCommand({ GroupId: group.id })).catch(ignoreErrors("InvalidGroup.NotFound"));
  },
};

async function make(client: ElasticLoadBalancingClient, request: BalancerRequest, group: string): Promise<void> {
  const { infraId, service, internal } = request;
  const LoadBalancerName = balancerName(service);
  await client.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName,
      Listeners: service.spec.ports.map(({ port, nodePort }) => ({
        Protocol: "TCP",
        LoadBalancerPort: port,
        InstanceProtocol: "TCP",
        InstancePort: nodePort,
      })),
      Subnets: subnetsFor(request).map(({ id }) => id),
      SecurityGroups: [group],
      Scheme: internal ? "internal" : undefined,
      Tags: ownedTags(infraId, service),
    }),
  );
  const Target = `HTTP:${service.spec.healthCheckNodePort}/healthz`;
  const HealthCheck = { Target, Interval: 5, Timeout: 4, UnhealthyThreshold: 2, HealthyThreshold: 2 };
  await client.send(new ConfigureHealthCheckCommand({ LoadBalancerName, HealthCheck }));
  const LoadBalancerAttributes = { CrossZoneLoadBalancing: { Enabled: true } };
  await client.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerName, LoadBalancerAttributes }));
}

async function find(client: ElasticLoadBalancingClient, name: string): Promise<Balancer | undefined> {
  const answer = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] })).catch(gone);
  const balancer = answer?.LoadBalancerDescriptions?.at(0);
  return balancer && { dnsName: balancer.DNSName ?? "", zoneId: balancer.CanonicalHostedZoneNameID ?? "" };
}

async function findGroup(
  client: EC2Client,
  balancer: string,
): Promise<{ readonly id: string; readonly ingress: readonly IpPermission[] } | undefined> {
  const { SecurityGroups = [] } = await client.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: [`k8s-elb-${balancer}`] }] }),
  );
  const [group] = SecurityGroups;
  return SecurityGroups.length === 0 ? undefined : { id: group.GroupId ?? "", ingress: group.IpPermissions ?? [] };
}

/** The id of the load balancer's own security group, which is created if it is missing. */
async function ensureGroup({ region, infraId, service, instances: [{ vpcId }] }: BalancerRequest): Promise<string> {
  const client = new EC2Client(sandboxClientConfiguration(region));
  const name = balancerName(service);
  const found = await findGroup(client, name);
  if (found !== undefined) return found.id;
  const { GroupId = "" } = await client.send(
    new CreateSecurityGroupCommand({
      GroupName: `k8s-elb-${name}`,
      Description: `Security group for Kubernetes ELB ${service.metadata.name ?? ""} (${serviceName(service)})`,
      VpcId: vpcId,
      TagSpecifications: [{ ResourceType: "security-group", Tags: ownedTags(infraId, service) }],
    }),
  );
  return GroupId;
}

/** Lets clients reach the load balancer: from the Service's CIDR blocks, or from everywhere. */
async function setRanges(region: string, GroupId: string, service: RouterService): Promise<void> {
  const client = new EC2Client(sandboxClientConfiguration(region));
  const wanted = service.spec.loadBalancerSourceRanges ?? ["0.0.0.0/0"];
  const group = await findGroup(client, balancerName(service));
  const ranges = (group?.ingress ?? []).flatMap(({ IpRanges = [] }) => IpRanges.map(({ CidrIp = "" }) => CidrIp));
  if ([...new Set(ranges)].sort().join() === [...wanted].sort().join()) return;
  if (group !== undefined && group.ingress.length > 0)
    await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...group.ingress] }));
  const IpRanges = wanted.map((CidrIp) => ({ CidrIp }));
  const IpPermissions = [
    { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges },
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges },
    { IpProtocol: "icmp", FromPort: 3, ToPort: 4, IpRanges },
  ];
  await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

async function openNodes(request: BalancerRequest, balancerGroup: string): Promise<void> {
  const client = new EC2Client(sandboxClientConfiguration(request.region));
  for (const GroupId of nodeGroups(request)) {
    const IpPermissions = fromGroup(balancerGroup);
    await client
      .send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }))
      .catch(ignoreErrors("InvalidPermission.Duplicate"));
  }
}

const fromGroup = (GroupId: string): IpPermission[] => [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId }] }];
