import * as classic from "@aws-sdk/client-elastic-load-balancing";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as iam from "@aws-sdk/client-iam";
import * as route53 from "@aws-sdk/client-route-53";
import * as s3 from "@aws-sdk/client-s3";
import { clientConfiguration } from "../../lib/aws/client";
import { region } from "../region";

export const accountImage = "ami-0123456789abcdef0";
export const accountDomain = "demo.example.com";
export const accountBucket = "demo-1-bootstrap-ignition";
const zone = `${region}a`;

/** AWS SDK clients for the account that the environment variables name. */
export function accountClients() {
  const configuration = clientConfiguration(region);
  return {
    ec2: new ec2.EC2Client(configuration),
    elb: new elb.ElasticLoadBalancingV2Client(configuration),
    classic: new classic.ElasticLoadBalancingClient(configuration),
    iam: new iam.IAMClient(configuration),
    route53: new route53.Route53Client(configuration),
    s3: new s3.S3Client(configuration),
  };
}

type Clients = ReturnType<typeof accountClients>;

/** IDs of the AWS resources on which a boot depends. Tests change them one by one. */
export interface BootResources {
  readonly vpcId: string;
  readonly publicSubnet: string;
  readonly privateSubnet: string;
  readonly privateTable: string;
  readonly masters: string;
  readonly internalZone: string;
  readonly balancer: elb.LoadBalancer;
  readonly targetGroup: string;
  readonly bootstrap: string;
  readonly master: string;
}

/** Creates the AWS resources on which a boot depends, one of each kind, with the settings of `components/`. */
export async function makeMachinesAccount(
  aws: Clients,
  userData: { bootstrap: string; master: string },
  object: string,
): Promise<BootResources> {
  const network = await makeNetwork(aws.ec2);
  const { vpcId, publicSubnet, privateSubnet } = network;
  const masters = await makeGroup(aws.ec2, vpcId);
  const [internalZone, profile, balanced] = await Promise.all([
    aws.route53.send(
      new route53.CreateHostedZoneCommand({ Name: accountDomain, CallerReference: "internal", VPC: { VPCRegion: region, VPCId: vpcId } }),
    ),
    makeProfile(aws.iam),
    makeBalancer(aws.elb, vpcId, privateSubnet),
    makeObject(aws.s3, object),
  ]);
  const internalZoneId = internalZone.HostedZone?.Id ?? "";
  await changeRecord(aws.route53, internalZoneId, "CREATE", balanced.balancer);
  const run = async (SubnetId: string, AssociatePublicIpAddress: boolean, text: string) => {
    const { Instances = [] } = await aws.ec2.send(
      new ec2.RunInstancesCommand({
        ImageId: accountImage,
        InstanceType: "m6i.xlarge",
        MinCount: 1,
        MaxCount: 1,
        IamInstanceProfile: { Name: profile },
        UserData: Buffer.from(text).toString("base64"),
        MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: "required" },
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Groups: [masters], AssociatePublicIpAddress }],
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "kubernetes.io/cluster/demo-1", Value: "shared" }] }],
      }),
    );
    return Instances[0];
  };
  const [bootstrap, master] = [await run(publicSubnet, true, userData.bootstrap), await run(privateSubnet, false, userData.master)];
  const Targets = [bootstrap, master].map(({ PrivateIpAddress }) => ({ Id: PrivateIpAddress, Port: 22623 }));
  await aws.elb.send(new elb.RegisterTargetsCommand({ TargetGroupArn: balanced.targetGroup, Targets }));
  await makeRouter(aws, vpcId, publicSubnet, bootstrap.InstanceId ?? "");
  return {
    ...network,
    ...balanced,
    masters,
    internalZone: internalZoneId,
    bootstrap: bootstrap.InstanceId ?? "",
    master: master.InstanceId ?? "",
  };
}

/** Changes the record `api-int`, an alias of the load balancer. */
export async function changeRecord(
  client: route53.Route53Client,
  zoneId: string,
  Action: "CREATE" | "DELETE",
  balancer: elb.LoadBalancer,
): Promise<void> {
  const AliasTarget = { DNSName: balancer.DNSName, HostedZoneId: balancer.CanonicalHostedZoneId, EvaluateTargetHealth: false };
  const Changes = [{ Action, ResourceRecordSet: { Name: `api-int.${accountDomain}`, Type: "A" as const, AliasTarget } }];
  await client.send(new route53.ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
}

/** The rule that lets the machine network reach the machine config server. */
export const machineConfigRule = { IpProtocol: "tcp", FromPort: 22623, ToPort: 22623, IpRanges: [{ CidrIp: "10.0.0.0/16" }] };

async function makeNetwork(client: ec2.EC2Client) {
  const vpcId = (await client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId ?? "";
  await client.send(new ec2.ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: true } }));
  const gateway = (await client.send(new ec2.CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? "";
  await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpcId }));
  const makeSubnet = async (CidrBlock: string) => {
    const subnet = await client.send(new ec2.CreateSubnetCommand({ VpcId: vpcId, CidrBlock, AvailabilityZone: zone }));
    const table = await client.send(new ec2.CreateRouteTableCommand({ VpcId: vpcId }));
    const ids = { SubnetId: subnet.Subnet?.SubnetId ?? "", RouteTableId: table.RouteTable?.RouteTableId ?? "" };
    await client.send(new ec2.AssociateRouteTableCommand(ids));
    return ids;
  };
  const [open, closed] = [await makeSubnet("10.0.0.0/20"), await makeSubnet("10.0.16.0/20")];
  const DestinationCidrBlock = "0.0.0.0/0";
  await client.send(new ec2.CreateRouteCommand({ RouteTableId: open.RouteTableId, DestinationCidrBlock, GatewayId: gateway }));
  const { AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: "vpc" }));
  const { NatGateway } = await client.send(new ec2.CreateNatGatewayCommand({ SubnetId: open.SubnetId, AllocationId }));
  const NatGatewayId = NatGateway?.NatGatewayId;
  await client.send(new ec2.CreateRouteCommand({ RouteTableId: closed.RouteTableId, DestinationCidrBlock, NatGatewayId }));
  await client.send(
    new ec2.CreateVpcEndpointCommand({
      VpcId: vpcId,
      ServiceName: `com.amazonaws.${region}.s3`,
      VpcEndpointType: "Gateway",
      RouteTableIds: [open.RouteTableId, closed.RouteTableId],
    }),
  );
  return { vpcId, publicSubnet: open.SubnetId, privateSubnet: closed.SubnetId, privateTable: closed.RouteTableId };
}

async function makeGroup(client: ec2.EC2Client, VpcId: string): Promise<string> {
  const Tags = [{ Key: "Name", Value: "demo-1-master-sg" }];
  const { GroupId = "" } = await client.send(
    new ec2.CreateSecurityGroupCommand({
      GroupName: "masters",
      Description: "Control plane machines",
      VpcId,
      TagSpecifications: [{ ResourceType: "security-group", Tags }],
    }),
  );
  const etcd = { IpProtocol: "tcp", FromPort: 2379, ToPort: 2380, UserIdGroupPairs: [{ GroupId }] };
  await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [machineConfigRule, etcd] }));
  return GroupId;
}

async function makeProfile(client: iam.IAMClient): Promise<string> {
  const [RoleName, InstanceProfileName] = ["demo-1-bootstrap-role", "demo-1-bootstrap-profile"];
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
  const reads = { Effect: "Allow", Action: ["s3:GetObject"], Resource: `arn:aws:s3:::${accountBucket}/bootstrap.ign` };
  const policy = (Statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
  await client.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
  await client.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: "demo-1-bootstrap-policy", PolicyDocument: policy(reads) }));
  await client.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName }));
  await client.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
  return InstanceProfileName;
}

async function makeObject(client: s3.S3Client, object: string): Promise<void> {
  await client.send(new s3.CreateBucketCommand({ Bucket: accountBucket }));
  const overTls = {
    Sid: "DenyPlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${accountBucket}`, `arn:aws:s3:::${accountBucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [overTls] });
  await client.send(new s3.PutBucketPolicyCommand({ Bucket: accountBucket, Policy }));
  await client.send(new s3.PutObjectCommand({ Bucket: accountBucket, Key: "bootstrap.ign", Body: object }));
}

async function makeBalancer(client: elb.ElasticLoadBalancingV2Client, VpcId: string, subnet: string) {
  const made = await client.send(
    new elb.CreateLoadBalancerCommand({ Name: "demo-1-int", Type: "network", Scheme: "internal", Subnets: [subnet] }),
  );
  const group = await client.send(
    new elb.CreateTargetGroupCommand({
      Name: "demo-1-sint",
      VpcId,
      Protocol: "TCP",
      Port: 22623,
      TargetType: "ip",
      HealthCheckProtocol: "HTTPS",
      HealthCheckPort: "22623",
      HealthCheckPath: "/healthz",
    }),
  );
  const balancer = made.LoadBalancers?.[0] ?? {};
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Attributes = [{ Key: "preserve_client_ip.enabled", Value: "false" }];
  await client.send(new elb.ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  await client.send(
    new elb.CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancerArn,
      Protocol: "TCP",
      Port: 22623,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  return { balancer, targetGroup: TargetGroupArn };
}

/** A Classic Load Balancer, as the cluster creates one for its router. */
async function makeRouter(aws: Clients, VpcId: string, subnet: string, InstanceId: string): Promise<void> {
  const { GroupId = "" } = await aws.ec2.send(
    new ec2.CreateSecurityGroupCommand({ GroupName: "k8s-elb-router", Description: "Router", VpcId }),
  );
  const LoadBalancerName = "router";
  await aws.classic.send(
    new classic.CreateLoadBalancerCommand({
      LoadBalancerName,
      Listeners: [{ Protocol: "TCP", LoadBalancerPort: 443, InstanceProtocol: "TCP", InstancePort: 30443 }],
      Subnets: [subnet],
      SecurityGroups: [GroupId],
    }),
  );
  const Instances = [{ InstanceId }];
  await aws.classic.send(new classic.RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances }));
}
