import {
  DescribeAvailabilityZonesCommand,
  DescribeVpcAttributeCommand,
  type DhcpOptions,
  DescribeInstanceAttributeCommand,
  type EC2Client,
  type Filter,
  type Instance as Ec2Instance,
  type InternetGateway as Ec2InternetGateway,
  type IpPermission,
  type NatGateway as Ec2NatGateway,
  type NetworkInterface,
  paginateDescribeDhcpOptions,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
  type RouteTable as Ec2RouteTable,
  type SecurityGroup as Ec2SecurityGroup,
  type Subnet as Ec2Subnet,
  type Tag,
  type Vpc as Ec2Vpc,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import type {
  AwsSnapshot,
  Endpoint,
  Image,
  Instance,
  InternetGateway,
  LoadBalancer,
  NatGateway,
  Permission,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from "../aws-snapshot";
import { clientsOf } from "./clients";
import { type InstanceSize, instanceSize } from "./instance-sizes";
import { readOnce } from "./once";
import { collectPages } from "../../../lib/aws/pages";

type Read = Pick<
  AwsSnapshot,
  | "instances"
  | "images"
  | "vpcs"
  | "subnets"
  | "routeTables"
  | "natGateways"
  | "internetGateways"
  | "endpoints"
  | "securityGroups"
  | "userDataOf"
>;

type AddressesOf = (balancer: Pick<LoadBalancer, "id" | "name" | "kind">) => LoadBalancer["addresses"];

/** The EC2 records of a region. */
export async function readEc2(region: string): Promise<Read & { balancerAddresses: AddressesOf }> {
  const { ec2: client } = clientsOf(region);
  const { reservations, vpcs, dhcpOptions, subnets, zoneTypes, interfaces, ...described } = await describeAll(client, region);
  const domains = new Map(
    vpcs.map(({ VpcId, DhcpOptionsId }) => [VpcId, domainOf(dhcpOptions.find((options) => options.DhcpOptionsId === DhcpOptionsId))]),
  );
  const instances = await Promise.all(
    reservations
      .flatMap(({ Instances = [] }) => Instances)
      .map(async (instance) =>
        instanceOf(instance, domains.get(instance.VpcId) ?? "", await instanceSize(client, instance.InstanceType ?? "")),
      ),
  );
  const [images, vpcsWithDns] = await Promise.all([
    readImages(client, [...new Set(instances.map(({ imageId }) => imageId))]),
    Promise.all(vpcs.map((vpc) => readVpc(client, vpc))),
  ]);
  return {
    instances,
    images,
    vpcs: vpcsWithDns,
    subnets: subnets.map((subnet) => subnetOf(subnet, zoneTypes)),
    routeTables: described.routeTables.map(routeTableOf),
    natGateways: described.natGateways.map(natGatewayOf),
    internetGateways: described.internetGateways.map(internetGatewayOf),
    endpoints: described.endpoints.map(endpointOf),
    securityGroups: described.securityGroups.map(securityGroupOf),
    userDataOf: async (instanceId) => {
      const answer = await client.send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "userData" }));
      return answer.UserData?.Value;
    },
    balancerAddresses: addressesIn(interfaces),
  };
}

/** EC2's own records, all read in parallel. */
async function describeAll(client: EC2Client, region: string) {
  const page = { client };
  const alive: Filter[] = [{ Name: "instance-state-name", Values: ["pending", "running", "shutting-down", "stopping", "stopped"] }];
  const [reservations, vpcs, dhcpOptions, subnets, zoneTypes, routeTables, nats, gateways, endpoints, groups, interfaces] =
    await Promise.all([
      collectPages(paginateDescribeInstances(page, { Filters: alive }), ({ Reservations }) => Reservations),
      collectPages(paginateDescribeVpcs(page, {}), ({ Vpcs }) => Vpcs),
      collectPages(paginateDescribeDhcpOptions(page, {}), ({ DhcpOptions }) => DhcpOptions),
      collectPages(paginateDescribeSubnets(page, {}), ({ Subnets }) => Subnets),
      zoneTypesOf(region, client),
      collectPages(paginateDescribeRouteTables(page, {}), ({ RouteTables }) => RouteTables),
      collectPages(paginateDescribeNatGateways(page, {}), ({ NatGateways }) => NatGateways),
      collectPages(paginateDescribeInternetGateways(page, {}), ({ InternetGateways }) => InternetGateways),
      collectPages(paginateDescribeVpcEndpoints(page, {}), ({ VpcEndpoints }) => VpcEndpoints),
      collectPages(paginateDescribeSecurityGroups(page, {}), ({ SecurityGroups }) => SecurityGroups),
      collectPages(paginateDescribeNetworkInterfaces(page, {}), ({ NetworkInterfaces }) => NetworkInterfaces),
    ]);
  const network = { vpcs, dhcpOptions, subnets, zoneTypes, routeTables, natGateways: nats, internetGateways: gateways, interfaces };
  return { ...network, reservations, endpoints, securityGroups: groups };
}

async function readVpc(client: EC2Client, { VpcId = "", CidrBlockAssociationSet = [], CidrBlock = "" }: Ec2Vpc): Promise<Vpc> {
  const cidrs = CidrBlockAssociationSet.map((association) => association.CidrBlock ?? CidrBlock);
  return { id: VpcId, cidrs: cidrs.length > 0 ? cidrs : [CidrBlock], ...(await readDns(client, VpcId)) };
}

function subnetOf(
  { SubnetId = "", VpcId = "", CidrBlock = "", AvailabilityZone = "", Tags }: Ec2Subnet,
  zoneTypes: ReadonlyMap<string, string>,
): Subnet {
  return {
    id: SubnetId,
    vpcId: VpcId,
    cidr: CidrBlock,
    zone: AvailabilityZone,
    zoneType: zoneTypes.get(AvailabilityZone) ?? "availability-zone",
    tags: tagsOf(Tags),
  };
}

function routeTableOf({ RouteTableId = "", VpcId = "", Associations = [], Routes = [] }: Ec2RouteTable): RouteTable {
  return {
    id: RouteTableId,
    vpcId: VpcId,
    main: Associations.some(({ Main }) => Main === true),
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: Routes.flatMap((route) => {
      const destination = route.DestinationCidrBlock ?? route.DestinationPrefixListId;
      const target =
        route.NatGatewayId ??
        route.TransitGatewayId ??
        route.VpcPeeringConnectionId ??
        route.NetworkInterfaceId ??
        route.InstanceId ??
        route.GatewayId ??
        "nothing";
      return destination === undefined ? [] : [{ destination, target, state: route.State ?? "active" }];
    }),
  };
}

function natGatewayOf({ NatGatewayId = "", SubnetId = "", State, NatGatewayAddresses = [] }: Ec2NatGateway): NatGateway {
  return {
    id: NatGatewayId,
    subnetId: SubnetId,
    state: State ?? "",
    publicIps: NatGatewayAddresses.flatMap(({ PublicIp }) => PublicIp ?? []),
  };
}

function internetGatewayOf({ InternetGatewayId = "", Attachments = [] }: Ec2InternetGateway): InternetGateway {
  return { id: InternetGatewayId, vpcIds: Attachments.flatMap(({ VpcId }) => VpcId ?? []) };
}

function endpointOf(endpoint: VpcEndpoint): Endpoint {
  return {
    id: endpoint.VpcEndpointId ?? "",
    vpcId: endpoint.VpcId ?? "",
    kind: endpoint.VpcEndpointType ?? "",
    service: endpoint.ServiceName ?? "",
    state: (endpoint.State ?? "").toLowerCase(),
    routeTableIds: endpoint.RouteTableIds ?? [],
    subnetIds: endpoint.SubnetIds ?? [],
    groupIds: (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    privateDns: endpoint.PrivateDnsEnabled === true,
  };
}

function securityGroupOf(group: Ec2SecurityGroup): SecurityGroup {
  const { GroupId = "", GroupName = "", VpcId = "", IpPermissions = [], IpPermissionsEgress = [], Tags } = group;
  const [ingress, egress] = [IpPermissions.map(permissionOf), IpPermissionsEgress.map(permissionOf)];
  return { id: GroupId, name: GroupName, vpcId: VpcId, ingress, egress, tags: tagsOf(Tags) };
}

/**
 * Finds the network interfaces of a load balancer by their description:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
 */
function addressesIn(interfaces: readonly NetworkInterface[]): AddressesOf {
  return ({ id, name, kind }) => {
    const description = kind === "classic" ? `ELB ${name}` : `ELB ${id.split(":loadbalancer/")[1] ?? ""}`;
    return interfaces
      .filter((found) => found.Description === description)
      .map(({ SubnetId = "", PrivateIpAddress = "" }) => ({ subnetId: SubnetId, address: PrivateIpAddress }));
  };
}

/** The value of `domain-name` as it was given; empty if the DHCP options have none. */
function domainOf(options: DhcpOptions | undefined): string {
  const values = options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name")?.Values ?? [];
  return values.map(({ Value = "" }) => Value).join(" ");
}

const zoneTypes = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** The types of a region's zones by zone name. They never change, so they are read once. */
function zoneTypesOf(region: string, client: EC2Client): Promise<ReadonlyMap<string, string>> {
  const ask = async () => {
    const { AvailabilityZones = [] } = await client.send(new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true }));
    return new Map(AvailabilityZones.map(({ ZoneName = "", ZoneType = "" }) => [ZoneName, ZoneType]));
  };
  return readOnce(zoneTypes, region, ask);
}

function instanceOf(instance: Ec2Instance, domain: string, size: InstanceSize): Instance {
  const privateDnsName = instance.PrivateDnsName ?? "";
  const host = privateDnsName.split(".")[0];
  return {
    id: instance.InstanceId ?? "",
    state: instance.State?.Name ?? "",
    imageId: instance.ImageId ?? "",
    architecture: instance.Architecture ?? "",
    subnetId: instance.SubnetId ?? "",
    vpcId: instance.VpcId ?? "",
    privateIp: instance.PrivateIpAddress ?? "",
    ...(instance.PublicIpAddress ? { publicIp: instance.PublicIpAddress } : {}),
    privateDnsName,
    localHostname: domain === "" ? host : `${host}.${domain}`,
    groupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    ...(instance.IamInstanceProfile?.Arn ? { profileArn: instance.IamInstanceProfile.Arn } : {}),
    metadataService: instance.MetadataOptions?.HttpEndpoint !== "disabled",
    zone: instance.Placement?.AvailabilityZone ?? "",
    instanceType: instance.InstanceType ?? "",
    ...size,
    launched: instance.LaunchTime ?? new Date(0),
    tags: tagsOf(instance.Tags),
  };
}

function permissionOf({
  IpProtocol = "",
  FromPort,
  ToPort,
  IpRanges = [],
  UserIdGroupPairs = [],
  PrefixListIds = [],
}: IpPermission): Permission {
  return {
    protocol: IpProtocol,
    ...(FromPort === undefined || FromPort === -1 ? {} : { ports: [FromPort, ToPort ?? FromPort] as const }),
    cidrs: IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []),
    groupIds: UserIdGroupPairs.flatMap(({ GroupId }) => GroupId ?? []),
    prefixListIds: PrefixListIds.flatMap(({ PrefixListId }) => PrefixListId ?? []),
  };
}

/** Filters by `image-id` instead of passing ids: a deleted AMI is then missing from the answer, instead of causing an error. */
async function readImages(client: EC2Client, ids: readonly string[]): Promise<Image[]> {
  if (ids.length === 0) return [];
  const images = await collectPages(
    paginateDescribeImages({ client }, { Filters: [{ Name: "image-id", Values: [...ids] }] }),
    (answer) => answer.Images,
  );
  return images.map(({ ImageId = "", Name = "", State = "", Architecture = "", OwnerId = "", SourceImageId }) => ({
    id: ImageId,
    name: Name,
    state: State,
    architecture: Architecture,
    ownerId: OwnerId,
    ...(SourceImageId === undefined ? {} : { sourceImageId: SourceImageId }),
  }));
}

async function readDns(client: EC2Client, vpcId: string): Promise<Pick<Vpc, "dnsSupport" | "dnsHostnames">> {
  const ask = (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
    client.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute }));
  const [support, hostnames] = await Promise.all([ask("enableDnsSupport"), ask("enableDnsHostnames")]);
  return { dnsSupport: support.EnableDnsSupport?.Value === true, dnsHostnames: hostnames.EnableDnsHostnames?.Value === true };
}

export function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
