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
  type IpPermission,
  ModifyVpcAttributeCommand,
  type ResourceType,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { apiServices } from "../../../lib/openshift/api-services";
import { ingressRules, type SecurityGroupRule } from "../../../lib/openshift/instance-ingress";
import { bootstrapPointer } from "../../../ignition/pointer";
import { clientConfiguration } from "../../../lib/aws/client";
import { ignitionWith, machinePointer, makeCertificate } from "../../unit/steps/diagnosis/certificates";
import { region } from "../../region";

export const builtInfraId = "dev-abcde";
export const clusterDomain = "dev.example.com";
export const baseDomain = "example.com";
export const machineCidr = "10.0.0.0/16";
export const imageId = "ami-0123456789abcdef0";
const zone = `${region}a`;

/** Clients of the emulated AWS, from the environment variables. */
export function clients() {
  const configuration = clientConfiguration(region);
  return {
    ec2: new EC2Client(configuration),
    balancing: new ElasticLoadBalancingV2Client(configuration),
    dns: new Route53Client(configuration),
    iam: new IAMClient(configuration),
    storage: new S3Client(configuration),
  };
}

export type BuiltCluster = Awaited<ReturnType<typeof buildCluster>>;

const policyDocument = (bucket: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["ec2:Describe*"], Resource: "*" },
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: `arn:aws:s3:::${bucket}/bootstrap.ign` },
    ],
  });

/**
 * Builds the AWS resources of a complete cluster with single calls, without the program: one zone, a bootstrap instance, a control plane
 * node and a worker.
 */
export async function buildCluster({ ec2, balancing, dns, iam, storage }: ReturnType<typeof clients>) {
  const must = <T>(value: T | undefined | null): T => {
    if (value === undefined || value === null) throw new Error("the response of the emulated AWS has no value for a field");
    return value;
  };
  const clusterTag = { Key: `kubernetes.io/cluster/${builtInfraId}`, Value: "shared" };
  const tags = (suffix: string, isClusters = true) => [
    { Key: "Name", Value: `${builtInfraId}-${suffix}` },
    { Key: "okd-aws/cluster", Value: clusterDomain },
    ...(isClusters ? [clusterTag] : []),
  ];
  const tagged = (ResourceType: ResourceType, suffix: string, isClusters = true) => [{ ResourceType, Tags: tags(suffix, isClusters) }];

  // Network
  const vpcId = must((await ec2.send(new CreateVpcCommand({ CidrBlock: machineCidr }))).Vpc?.VpcId);
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: true } }));
  const gateway = must((await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId);
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpcId }));
  const subnet = async (CidrBlock: string, route: { GatewayId: string } | { NatGatewayId: string }) => {
    const made = must((await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock, AvailabilityZone: zone }))).Subnet?.SubnetId);
    const table = must((await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable?.RouteTableId);
    await ec2.send(new AssociateRouteTableCommand({ SubnetId: made, RouteTableId: table }));
    await ec2.send(new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", ...route }));
    return { id: made, table };
  };
  const publicSubnet = await subnet("10.0.0.0/20", { GatewayId: gateway });
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId: publicSubnet.id, AllocationId }));
  const natGateway = must(NatGateway?.NatGatewayId);
  const privateSubnet = await subnet("10.0.16.0/20", { NatGatewayId: natGateway });
  await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: vpcId,
      ServiceName: `com.amazonaws.${region}.s3`,
      VpcEndpointType: "Gateway",
      RouteTableIds: [publicSubnet.table, privateSubnet.table],
    }),
  );

  // Security groups. EC2 gives a new group a rule that allows all outgoing traffic.
  const group = async (suffix: string, isClusters = true) => {
    const TagSpecifications = tagged("security-group", suffix, isClusters);
    const command = new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: suffix, Description: suffix, TagSpecifications });
    return must((await ec2.send(command)).GroupId);
  };
  const groups = { masters: await group("master-sg"), workers: await group("worker-sg"), bootstrap: await group("bootstrap-sg", false) };
  for (const to of ["masters", "workers", "bootstrap"] as const) {
    const IpPermissions = ingressRules.filter((rule) => rule.to === to).map((rule) => permission(rule, groups));
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groups[to], IpPermissions }));
  }

  // Roles and the ignition object
  const now = new Date();
  const authority = await makeCertificate("root-ca", now, -1, 3650);
  const server = await makeCertificate("api", now);
  const ignitionFiles = { "/opt/openshift/tls/root-ca.crt": authority.certificate, "/opt/openshift/tls/api.crt": server.certificate };
  const bucket = `${builtInfraId}-bootstrap-ignition`;
  await storage.send(new CreateBucketCommand({ Bucket: bucket }));
  const putIgnition = (text: string) => storage.send(new PutObjectCommand({ Bucket: bucket, Key: "bootstrap.ign", Body: text }));
  await putIgnition(ignitionWith(ignitionFiles));
  const role = `${builtInfraId}-bootstrap-role`;
  const profile = `${builtInfraId}-bootstrap-profile`;
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument }));
  const roleArn = must(Role?.Arn);
  const policy = { RoleName: role, PolicyName: `${builtInfraId}-bootstrap-policy`, PolicyDocument: policyDocument(bucket) };
  await iam.send(new PutRolePolicyCommand(policy));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: profile }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: profile, RoleName: role }));

  // Instances
  const machine = async (suffix: string, SubnetId: string, SecurityGroupIds: string[], userData: string) => {
    const command = new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: "m6i.xlarge",
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      SecurityGroupIds,
      UserData: Buffer.from(userData).toString("base64"),
      ...(suffix === "bootstrap" && { IamInstanceProfile: { Name: profile } }),
      TagSpecifications: tagged("instance", suffix),
    });
    const made = must((await ec2.send(command)).Instances).at(0);
    return { id: must(made?.InstanceId), address: must(made?.PrivateIpAddress) };
  };
  const pointer = (kind: string) => machinePointer(clusterDomain, kind, authority.certificate);
  const network = { kind: "existing", vpcId, privateSubnetIds: [], publicSubnetIds: [] } as const;
  const firstPointer = bootstrapPointer({ bucket, key: "bootstrap.ign" }, { network, region, clusterDomain });
  const bootstrap = await machine("bootstrap", publicSubnet.id, [groups.bootstrap, groups.masters], firstPointer);
  const master = await machine("master-0", privateSubnet.id, [groups.masters], pointer("master"));
  const worker = await machine("worker-0", privateSubnet.id, [groups.workers], pointer("worker"));

  // Load balancers
  const balancer = async (key: "ext" | "int") => {
    const command = new CreateLoadBalancerCommand({
      Name: `${builtInfraId}-${key}`,
      Type: "network",
      Scheme: key === "ext" ? "internet-facing" : "internal",
      Subnets: [key === "ext" ? publicSubnet.id : privateSubnet.id],
    });
    const made = must((await balancing.send(command)).LoadBalancers).at(0);
    return { arn: must(made?.LoadBalancerArn), name: must(made?.DNSName), zone: must(made?.CanonicalHostedZoneId) };
  };
  const balancers = { ext: await balancer("ext"), int: await balancer("int") };
  const services = await Promise.all(
    apiServices.map(async ({ key, balancer: balancerKey, port, healthCheckPath: HealthCheckPath }) => {
      const command = new CreateTargetGroupCommand({
        Name: `${builtInfraId}-${key}`,
        VpcId: vpcId,
        Protocol: "TCP",
        Port: port,
        TargetType: "ip",
        HealthCheckProtocol: "HTTPS",
        HealthCheckPort: String(port),
        HealthCheckPath,
      });
      const made = must((await balancing.send(command)).TargetGroups).at(0);
      const TargetGroupArn = must(made?.TargetGroupArn);
      const Targets = [bootstrap, master].map(({ address: Id }) => ({ Id, Port: port }));
      await balancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
      const listenerInput = {
        LoadBalancerArn: balancers[balancerKey].arn,
        Protocol: "TCP" as const,
        Port: port,
        DefaultActions: [{ Type: "forward" as const, TargetGroupArn }],
      };
      const { Listeners } = await balancing.send(new CreateListenerCommand(listenerInput));
      return [key, { targetGroup: TargetGroupArn, listener: must(Listeners?.[0]?.ListenerArn), listenerInput }] as const;
    }),
  );

  // DNS
  const { HostedZones = [] } = await dns.send(new ListHostedZonesByNameCommand({ DNSName: baseDomain }));
  const publicZone = must(HostedZones.find(({ Name }) => Name === `${baseDomain}.`)?.Id).replace("/hostedzone/", "");
  const VPC = { VPCId: vpcId, VPCRegion: region } as const;
  const { HostedZone } = await dns.send(new CreateHostedZoneCommand({ Name: clusterDomain, CallerReference: builtInfraId, VPC }));
  const privateZone = must(HostedZone?.Id).replace("/hostedzone/", "");
  const alias = (host: string, to: "ext" | "int"): ResourceRecordSet => ({
    Name: `${host}.${clusterDomain}`,
    Type: "A",
    AliasTarget: { DNSName: balancers[to].name, HostedZoneId: balancers[to].zone, EvaluateTargetHealth: false },
  });
  const change = (HostedZoneId: string, Action: "CREATE" | "DELETE", ResourceRecordSet: ResourceRecordSet) =>
    dns.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] } }));
  const apiInt = alias("api-int", "int");
  await change(privateZone, "CREATE", alias("api", "int"));
  await change(privateZone, "CREATE", apiInt);
  await change(publicZone, "CREATE", alias("api", "ext"));

  return {
    ...{ vpcId, natGateway, publicSubnet, privateSubnet, groups, authority, ignitionFiles, bucket, putIgnition, role, roleArn, policy },
    ...{ bootstrap, master, worker, machine, balancers, privateZone, publicZone, apiInt, change },
    services: Object.fromEntries(services) as Record<(typeof apiServices)[number]["key"], (typeof services)[number][1]>,
  };
}

/** A rule of the program's table in the form that EC2 expects. */
export function permission(
  { from, protocol, ports }: SecurityGroupRule,
  groups: Readonly<Record<"masters" | "workers", string>>,
): IpPermission {
  const source =
    from === "masters" || from === "workers"
      ? { UserIdGroupPairs: [{ GroupId: groups[from] }] }
      : { IpRanges: [{ CidrIp: from === "admins" ? "203.0.113.0/24" : machineCidr }] };
  if (protocol === "esp") return { IpProtocol: "50", ...source };
  return { IpProtocol: protocol, FromPort: ports?.[0] ?? -1, ToPort: ports?.[1] ?? -1, ...source };
}
