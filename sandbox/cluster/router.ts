import {
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  ModifyLoadBalancerAttributesCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { clientConfiguration } from "../../operations/aws-client";
import type { Instance, Subnet, World } from "../machines";
import type { Api, KubeObject } from "./api";
import type { BootstrapConfig } from "./bootstrap-config";
import type { Machine } from "./machine";

const servicePath = "/api/v1/namespaces/openshift-ingress/services/router-default";

/** The default router as its nodes and its balancer have it. */
export interface RouterService {
  readonly nodePorts: readonly number[];
  /** Names of the nodes that the balancer passes traffic to. */
  readonly nodes: readonly string[];
  readonly hostname: string;
}

interface RouterOptions {
  readonly infraId: string;
  readonly region: string;
  readonly say: (text: string) => void;
}

interface Service extends KubeObject {
  spec: { ports: { port: number; nodePort: number }[]; healthCheckNodePort: number };
}

interface Balancer {
  readonly name: string;
  readonly dnsName: string;
  readonly zoneId: string;
}

/**
 * Does what the ingress operator and the cloud controller do for the default router: its Service, a classic load balancer with a security group of
 * its own, rules in the nodes' group, and the records of `*.apps`.
 *
 * @throws Error in the words of the controller that can't go on
 */
export async function ensureRouter(
  api: Api,
  config: BootstrapConfig,
  options: RouterOptions,
  world: World,
  machines: readonly Machine[],
  known: RouterService | undefined,
): Promise<RouterService> {
  const nodes = machines.map(({ node }) => node).sort();
  if (known?.nodes.join() === nodes.join()) return known;
  const internal = await ensureIngressController(api, config);
  const service = await ensureService(api, internal);
  const instances = machines.map(({ instance }) => instance);
  const balancer = await ensureBalancer(options, world, instances, service, internal);
  await api.patchStatus(servicePath, { loadBalancer: { ingress: [{ hostname: balancer.dnsName }] } });
  if (known === undefined) {
    await writeRecords(config, options.region, balancer);
    options.say(`the router's load balancer is ${balancer.dnsName}`);
  }
  const nodePorts = [...service.spec.ports.map(({ nodePort }) => nodePort), service.spec.healthCheckNodePort];
  return { nodePorts, nodes, hostname: balancer.dnsName };
}

/** The default ingress controller, unless a manifest has made it; whether its balancer is for the VPC only. */
async function ensureIngressController(api: Api, config: BootstrapConfig): Promise<boolean> {
  const path = "/apis/operator.openshift.io/v1/namespaces/openshift-ingress-operator/ingresscontrollers/default";
  await api.create({
    apiVersion: "operator.openshift.io/v1",
    kind: "IngressController",
    metadata: { name: "default", namespace: "openshift-ingress-operator" },
    spec: {},
  });
  const controller = await api.get<KubeObject & { spec?: { endpointPublishingStrategy?: { loadBalancer?: { scope?: string } } } }>(path);
  const strategy = controller?.spec?.endpointPublishingStrategy ?? {
    type: "LoadBalancerService",
    loadBalancer: { scope: "External", dnsManagementPolicy: "Managed" },
  };
  await api.patchStatus(path, { domain: `apps.${config.domain}`, endpointPublishingStrategy: strategy });
  return strategy.loadBalancer?.scope === "Internal";
}

async function ensureService(api: Api, internal: boolean): Promise<Service> {
  await api.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "router-default",
      namespace: "openshift-ingress",
      labels: { "ingresscontroller.operator.openshift.io/owning-ingresscontroller": "default" },
      annotations: internal ? { "service.beta.kubernetes.io/aws-load-balancer-internal": "true" } : {},
    },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      selector: { "ingresscontroller.operator.openshift.io/deployment-ingresscontroller": "default" },
      ports: [
        { name: "http", port: 80, protocol: "TCP", targetPort: "http" },
        { name: "https", port: 443, protocol: "TCP", targetPort: "https" },
      ],
    },
  });
  return api.send<Service>("GET", servicePath);
}

async function ensureBalancer(
  { infraId, region }: RouterOptions,
  world: World,
  instances: readonly Instance[],
  service: Service,
  internal: boolean,
): Promise<Balancer> {
  const client = new ElasticLoadBalancingClient(clientConfiguration(region));
  // As the cloud controller names it, after the Service's uid.
  const name = `a${(service.metadata.uid ?? "").replaceAll("-", "")}`.slice(0, 32);
  const tags = [
    { Key: `kubernetes.io/cluster/${infraId}`, Value: "owned" },
    { Key: "kubernetes.io/service-name", Value: "openshift-ingress/router-default" },
  ];
  const members = instances.map(({ id }) => ({ InstanceId: id }));
  const found = await find(client, name);
  if (found === undefined) {
    const { vpcId } = instances[0];
    const subnets = subnetsFor(world, vpcId, infraId, internal);
    const group = await ensureGroup(region, vpcId, name, tags);
    await openNodes(region, world, instances, infraId, group);
    await client.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        Listeners: service.spec.ports.map(({ port, nodePort }) => ({
          Protocol: "TCP",
          LoadBalancerPort: port,
          InstanceProtocol: "TCP",
          InstancePort: nodePort,
        })),
        Subnets: subnets.map(({ id }) => id),
        SecurityGroups: [group],
        Scheme: internal ? "internal" : undefined,
        Tags: tags,
      }),
    );
    await client.send(
      new ConfigureHealthCheckCommand({
        LoadBalancerName: name,
        HealthCheck: {
          Target: `HTTP:${service.spec.healthCheckNodePort}/healthz`,
          Interval: 5,
          Timeout: 4,
          UnhealthyThreshold: 2,
          HealthyThreshold: 2,
        },
      }),
    );
    await client.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerName: name,
        LoadBalancerAttributes: { CrossZoneLoadBalancing: { Enabled: true } },
      }),
    );
  }
  await client.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName: name, Instances: members }));
  const balancer = found ?? (await find(client, name));
  if (balancer === undefined) throw new Error(`the load balancer ${name} is gone right after it was made`);
  return balancer;
}

async function find(client: ElasticLoadBalancingClient, name: string): Promise<Balancer | undefined> {
  try {
    const { LoadBalancerDescriptions = [] } = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }));
    const balancer = LoadBalancerDescriptions.at(0);
    return balancer && { name, dnsName: balancer.DNSName ?? "", zoneId: balancer.CanonicalHostedZoneNameID ?? "" };
  } catch (error) {
    if ((error as Error).name.startsWith("AccessPointNotFound") || (error as Error).name.startsWith("LoadBalancerNotFound"))
      return undefined;
    throw error;
  }
}

/** One subnet a zone, of those that carry the cluster's tag and the one of their role. */
function subnetsFor(world: World, vpcId: string, infraId: string, internal: boolean): Subnet[] {
  const role = internal ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb";
  const tagged = world.subnets.filter(
    ({ vpcId: vpc, tags }) => vpc === vpcId && `kubernetes.io/cluster/${infraId}` in tags && role in tags,
  );
  if (tagged.length === 0)
    throw new Error(
      `could not find any suitable subnets for creating the ELB: no subnet of ${vpcId} has the tags kubernetes.io/cluster/${infraId} and ${role}`,
    );
  return [...new Map(tagged.map((subnet) => [subnet.zone, subnet])).values()];
}

/** The balancer's own group. */
async function ensureGroup(region: string, vpcId: string, balancer: string, tags: { Key: string; Value: string }[]): Promise<string> {
  const client = new EC2Client(clientConfiguration(region));
  const name = `k8s-elb-${balancer}`;
  const filters = [
    { Name: "group-name", Values: [name] },
    { Name: "vpc-id", Values: [vpcId] },
  ];
  const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({ Filters: filters }));
  const found = SecurityGroups.at(0)?.GroupId;
  if (found !== undefined) return found;
  const { GroupId = "" } = await client.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: "Security group for Kubernetes ELB router-default (openshift-ingress/router-default)",
      VpcId: vpcId,
      TagSpecifications: [{ ResourceType: "security-group", Tags: tags }],
    }),
  );
  const everywhere = [{ CidrIp: "0.0.0.0/0" }];
  await client.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: everywhere },
        { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: everywhere },
        { IpProtocol: "icmp", FromPort: 3, ToPort: 4, IpRanges: everywhere },
      ],
    }),
  );
  return GroupId;
}

/** Lets the balancer's group into the one group of each node that carries the cluster's tag. */
async function openNodes(
  region: string,
  world: World,
  instances: readonly Instance[],
  infraId: string,
  balancerGroup: string,
): Promise<void> {
  const client = new EC2Client(clientConfiguration(region));
  const groups = new Set<string>();
  for (const { id, groupIds } of instances) {
    const tagged = world.securityGroups.filter((group) => groupIds.includes(group.id) && `kubernetes.io/cluster/${infraId}` in group.tags);
    if (tagged.length !== 1) {
      const list = tagged.map((group) => `${group.id} (${group.name})`).join(", ");
      throw new Error(
        tagged.length === 0
          ? `no security group of the instance ${id} has the tag kubernetes.io/cluster/${infraId}, so the load balancer can't be let in`
          : `multiple tagged security groups found for instance ${id}; ensure only the k8s security group is tagged; the tagged groups were ${list}`,
      );
    }
    groups.add(tagged[0].id);
  }
  for (const GroupId of groups) {
    const permissions = [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: balancerGroup }] }];
    await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: permissions })).catch((error: unknown) => {
      if ((error as Error).name !== "InvalidPermission.Duplicate") throw error;
    });
  }
}

/** `*.apps` in the zones that the cluster's DNS object names; none where DNS is the user's. */
async function writeRecords(config: BootstrapConfig, region: string, balancer: Balancer): Promise<void> {
  const spec = config.manifest("DNS").spec as { privateZone?: { id?: string }; publicZone?: { id?: string } };
  const client = new Route53Client(clientConfiguration(region));
  for (const id of [spec.privateZone?.id, spec.publicZone?.id]) {
    if (id === undefined) continue;
    const target = { DNSName: balancer.dnsName, HostedZoneId: balancer.zoneId, EvaluateTargetHealth: false };
    const record = { Name: `*.apps.${config.domain}.`, Type: "A" as const, AliasTarget: target };
    await client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: id,
        ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet: record }] },
      }),
    );
  }
}
