import { randomBytes } from "node:crypto";
import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  RunInstancesCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { masterActions } from "../../config/releases/facts";
import { minorNamed } from "../../config/releases/minor";
import { clientConfiguration } from "../../lib/aws/client";

/**
 * Cluster, network and instances of a small installation, created by direct AWS calls: the same resources as the program's, without the
 * engine.
 */
export interface TestCluster {
  readonly infraId: string;
  readonly region: string;
  /** `<cluster>.<base domain>` */
  readonly domain: string;
  readonly baseDomain: string;
  readonly image: string;
}

export interface SimulatedNetwork {
  readonly vpc: string;
  readonly publicSubnet: string;
  readonly privateSubnet: string;
  readonly masterGroup: string;
  readonly workerGroup: string;
  readonly targetGroups: readonly string[];
  readonly privateZone: string;
}

const range = "10.0.0.0/16";

export class TestAws {
  private readonly ec2;
  private readonly elb;
  private readonly iam;
  private readonly dns;
  private readonly s3;

  constructor(private readonly cluster: TestCluster) {
    const configuration = clientConfiguration(cluster.region);
    this.ec2 = new EC2Client(configuration);
    this.elb = new ElasticLoadBalancingV2Client(configuration);
    this.iam = new IAMClient(configuration);
    this.dns = new Route53Client(configuration);
    this.s3 = new S3Client(configuration);
  }

  /** Creates everything except instances. */
  async network(publicZone: string): Promise<SimulatedNetwork> {
    const { ec2, cluster } = this;
    const vpc = required((await ec2.send(new CreateVpcCommand({ CidrBlock: range, ...this.tagged("vpc", "vpc") }))).Vpc?.VpcId);
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsSupport: { Value: true } }));
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
    const gateway = required((await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId);
    await ec2.send(new AttachInternetGatewayCommand({ VpcId: vpc, InternetGatewayId: gateway }));
    const publicSubnet = await this.subnet(vpc, "10.0.0.0/20", "kubernetes.io/role/elb");
    const privateSubnet = await this.subnet(vpc, "10.0.48.0/20", "kubernetes.io/role/internal-elb");
    const address = required((await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }))).AllocationId);
    const nat = required(
      (await ec2.send(new CreateNatGatewayCommand({ SubnetId: publicSubnet, AllocationId: address }))).NatGateway?.NatGatewayId,
    );
    const publicTable = await this.routeTable(vpc, publicSubnet, { GatewayId: gateway });
    const privateTable = await this.routeTable(vpc, privateSubnet, { NatGatewayId: nat });
    await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: vpc,
        ServiceName: `com.amazonaws.${cluster.region}.s3`,
        VpcEndpointType: "Gateway",
        RouteTableIds: [publicTable, privateTable],
      }),
    );
    const masterGroup = await this.group(vpc, "controlplane", [6443, 22623]);
    const workerGroup = await this.group(vpc, "node", [22]);
    const { targetGroups, external, internal } = await this.balancers(vpc, publicSubnet, privateSubnet);
    const privateZone = await this.zones(vpc, publicZone, external, internal);
    for (const role of ["master", "worker", "bootstrap"]) await this.profile(role);
    return { vpc, publicSubnet, privateSubnet, masterGroup, workerGroup, targetGroups, privateZone };
  }

  /** Stores the object from which the bootstrap instance boots. */
  async putIgnition(ignition: string): Promise<string> {
    const bucket = `${this.cluster.infraId}-bootstrap-${randomBytes(4).toString("hex")}`;
    await this.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "bootstrap.ign", Body: ignition }));
    return JSON.stringify({ ignition: { version: "3.1.0", config: { replace: { source: `s3://${bucket}/bootstrap.ign` } } } });
  }

  /** Starts instances of one kind. The bootstrap instance and the control plane are registered with the load balancers. */
  async machines(network: SimulatedNetwork, role: "bootstrap" | "master" | "worker", count: number, userData: string): Promise<string[]> {
    const ids: string[] = [];
    for (let number = 0; number < count; number++) {
      const bootstrap = role === "bootstrap";
      const group = role === "worker" ? network.workerGroup : network.masterGroup;
      const { Instances: [instance] = [] } = await this.ec2.send(
        new RunInstancesCommand({
          ImageId: this.cluster.image,
          InstanceType: "m6i.xlarge",
          MinCount: 1,
          MaxCount: 1,
          IamInstanceProfile: { Name: `${this.cluster.infraId}-${role}-profile` },
          UserData: Buffer.from(userData).toString("base64"),
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              SubnetId: bootstrap ? network.publicSubnet : network.privateSubnet,
              Groups: [group],
              AssociatePublicIpAddress: bootstrap,
            },
          ],
          ...this.tagged("instance", bootstrap ? role : `${role}-${number}`),
        }),
      );
      ids.push(required(instance.InstanceId));
      if (role === "worker") continue;
      for (const TargetGroupArn of network.targetGroups)
        await this.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: required(instance.PrivateIpAddress) }] }));
    }
    return ids;
  }

  private async subnet(vpc: string, cidr: string, role: string): Promise<string> {
    const { TagSpecifications } = this.tagged("subnet", cidr);
    TagSpecifications[0].Tags.push({ Key: role, Value: "1" });
    const zone = `${this.cluster.region}a`;
    const { Subnet } = await this.ec2.send(
      new CreateSubnetCommand({ VpcId: vpc, CidrBlock: cidr, AvailabilityZone: zone, TagSpecifications }),
    );
    return required(Subnet?.SubnetId);
  }

  private async routeTable(vpc: string, subnet: string, target: { GatewayId: string } | { NatGatewayId: string }): Promise<string> {
    const table = required((await this.ec2.send(new CreateRouteTableCommand({ VpcId: vpc }))).RouteTable?.RouteTableId);
    await this.ec2.send(new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", ...target }));
    await this.ec2.send(new AssociateRouteTableCommand({ RouteTableId: table, SubnetId: subnet }));
    return table;
  }

  private async group(vpc: string, name: string, ports: number[]): Promise<string> {
    const { infraId } = this.cluster;
    const { GroupId } = await this.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: `${infraId}-${name}`,
        Description: name,
        VpcId: vpc,
        ...this.tagged("security-group", name),
      }),
    );
    const IpPermissions = ports.map((port) => ({ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: range }] }));
    await this.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    return required(GroupId);
  }

  private async balancers(vpc: string, publicSubnet: string, privateSubnet: string) {
    const { infraId } = this.cluster;
    const create = async (key: "ext" | "int") => {
      const { LoadBalancers: [made] = [] } = await this.elb.send(
        new CreateLoadBalancerCommand({
          Name: `${infraId}-${key}`,
          Type: "network",
          Scheme: key === "ext" ? "internet-facing" : "internal",
          Subnets: [key === "ext" ? publicSubnet : privateSubnet],
        }),
      );
      return made;
    };
    const [external, internal] = [await create("ext"), await create("int")];
    const targetGroups: string[] = [];
    for (const [key, balancer, port, path] of [
      ["aext", external, 6443, "/readyz"],
      ["aint", internal, 6443, "/readyz"],
      ["sint", internal, 22623, "/healthz"],
    ] as const) {
      const { TargetGroups: [group] = [] } = await this.elb.send(
        new CreateTargetGroupCommand({
          Name: `${infraId}-${key}`,
          Protocol: "TCP",
          Port: port,
          VpcId: vpc,
          TargetType: "ip",
          HealthCheckProtocol: "HTTPS",
          HealthCheckPath: path,
          HealthCheckPort: String(port),
        }),
      );
      const arn = required(group.TargetGroupArn);
      await this.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: arn,
          Attributes: [{ Key: "preserve_client_ip.enabled", Value: "false" }],
        }),
      );
      await this.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: balancer.LoadBalancerArn,
          Protocol: "TCP",
          Port: port,
          DefaultActions: [{ Type: "forward", TargetGroupArn: arn }],
        }),
      );
      targetGroups.push(arn);
    }
    return { targetGroups, external, internal };
  }

  private async zones(vpc: string, publicZone: string, external: LoadBalancer, internal: LoadBalancer): Promise<string> {
    const { domain, region } = this.cluster;
    const { HostedZone } = await this.dns.send(
      new CreateHostedZoneCommand({ Name: domain, CallerReference: domain, VPC: { VPCId: vpc, VPCRegion: region as "us-east-1" } }),
    );
    const zone = required(HostedZone?.Id).replace("/hostedzone/", "");
    await this.record(publicZone, `api.${domain}`, external);
    await this.record(zone, `api.${domain}`, internal);
    await this.record(zone, `api-int.${domain}`, internal);
    return zone;
  }

  private async record(zone: string, name: string, balancer: LoadBalancer): Promise<void> {
    const AliasTarget = {
      DNSName: balancer.DNSName,
      HostedZoneId: balancer.CanonicalHostedZoneId ?? "Z26RNL4JYFTOTI",
      EvaluateTargetHealth: false,
    };
    await this.dns.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet: { Name: name, Type: "A", AliasTarget } }] },
      }),
    );
  }

  private async profile(role: string): Promise<void> {
    const { infraId } = this.cluster;
    const RoleName = `${infraId}-${role}-role`;
    const InstanceProfileName = `${infraId}-${role}-profile`;
    const allow = (Action: readonly string[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    await this.iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
        }),
      }),
    );
    const actions =
      { master: masterActions(minorNamed("4.19")), worker: ["ec2:DescribeInstances"], bootstrap: ["s3:GetObject"] }[role] ?? [];
    await this.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "policy", PolicyDocument: allow(actions) }));
    await this.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await this.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
  }

  private tagged<Kind extends string>(kind: Kind, suffix: string): { TagSpecifications: [{ ResourceType: Kind; Tags: Tag[] }] } {
    const { infraId } = this.cluster;
    const Tags = [
      { Key: "Name", Value: `${infraId}-${suffix}` },
      { Key: `kubernetes.io/cluster/${infraId}`, Value: "shared" },
    ];
    return { TagSpecifications: [{ ResourceType: kind, Tags }] };
  }
}

interface LoadBalancer {
  readonly LoadBalancerArn?: string;
  readonly DNSName?: string;
  readonly CanonicalHostedZoneId?: string;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the emulated AWS answered without an id");
  return value;
}
