import {
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  DescribeInstanceAttributeCommand,
  DescribeRouteTablesCommand,
  ModifyInstanceAttributeCommand,
  RevokeSecurityGroupIngressCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { ModifyTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteRolePolicyCommand, GetRolePolicyCommand, ListRolePoliciesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { makeCertificate } from "../unit/steps/diagnosis/certificates";
import { type Account, onlyElement } from "./account";

/** The cluster that is broken. */
export interface Victim {
  readonly account: Account;
  readonly infraId: string;
  readonly clusterDomain: string;
  readonly vpcId: string;
  readonly machineCidr: string;
}

/** One breakage, made by direct calls to AWS. */
export interface Breakage {
  readonly name: string;
  /** Text of the failed update: layer and cause. */
  readonly cause: RegExp;
  /** Breaks the cluster, and returns a function that repairs it. */
  readonly damage: (victim: Victim) => Promise<() => Promise<unknown>>;
}

/**
 * The breakages, ordered by the point of the boot at which they stop an instance: first the bootstrap instance, later the control plane.
 * Each breakage stops an instance later than the previous one, so one cluster can be broken in each of these ways and is installed in the end.
 */
export const breakages: readonly Breakage[] = [
  {
    name: "the ignition object's policy",
    cause: /The first layer that fails is ignition: no policy of role \S+ allows s3:GetObject on \S+bootstrap\.ign/,
    damage: async ({ account: { iam }, infraId }) => {
      const RoleName = `${infraId}-bootstrap-role`;
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      const PolicyName = onlyElement(PolicyNames, `policy of ${RoleName}`);
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      return () => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: decodeURIComponent(PolicyDocument) }));
    },
  },
  {
    name: "the dates of a certificate in the ignition object",
    cause:
      /The first layer that fails is the certificates: s3:\/\/\S+bootstrap\.ign contains a certificate not valid at \S+: \/opt\/openshift\/tls\/kubelet-client\.crt \(.*\) expired on/,
    damage: async ({ account: { s3 }, infraId }) => {
      const object = { Bucket: `${infraId}-bootstrap-ignition`, Key: "bootstrap.ign" };
      const { Body, ContentType } = await s3.send(new GetObjectCommand(object));
      const text = (await Body?.transformToString()) ?? "";
      const config = JSON.parse(text) as { storage: { files: { path: string; contents: { source: string } }[] } };
      const path = "/opt/openshift/tls/kubelet-client.crt";
      const { contents } = onlyElement(
        config.storage.files.filter((file) => file.path === path),
        path,
      );
      const { certificate } = await makeCertificate("system:node", new Date(), -3, -2);
      contents.source = `data:text/plain;charset=utf-8;base64,${Buffer.from(certificate).toString("base64")}`;
      await s3.send(new PutObjectCommand({ ...object, Body: JSON.stringify(config), ContentType }));
      return () => s3.send(new PutObjectCommand({ ...object, Body: text, ContentType }));
    },
  },
  {
    name: "a route",
    cause: /The first layer that fails is the route: (NAT gateway \S+ is in )?subnet \S+.* has no default route/,
    damage: async ({ account: { ec2 }, infraId }) => {
      const Filters = [{ Name: "tag:Name", Values: [`${infraId}-public`] }];
      const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
      const { RouteTableId, Routes = [] } = onlyElement(RouteTables, `route table ${infraId}-public`);
      const DestinationCidrBlock = "0.0.0.0/0";
      const { GatewayId } = onlyElement(
        Routes.filter((route) => route.DestinationCidrBlock === DestinationCidrBlock),
        "default route",
      );
      await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock }));
      return () => ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, GatewayId }));
    },
  },
  {
    name: "the record api-int",
    cause: /The first layer that fails is DNS: api-int\.\S+ has no record in private zone/,
    damage: async ({ account, vpcId, clusterDomain }) => {
      const { zoneId, record } = await account.privateRecord(vpcId, `api-int.${clusterDomain}`);
      const change = (Action: "DELETE" | "CREATE") => {
        const ChangeBatch = { Changes: [{ Action, ResourceRecordSet: record }] };
        return account.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }));
      };
      await change("DELETE");
      return () => change("CREATE");
    },
  },
  {
    name: "a health check",
    cause: /The first layer that fails is the load balancer: target group \S+-sint has health check path \/nowhere, not \/healthz/,
    damage: async ({ account, infraId }) => {
      const TargetGroupArn = await account.targetGroupArn(`${infraId}-sint`);
      const change = (HealthCheckPath: string) => account.balancing.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath }));
      await change("/nowhere");
      return () => change("/healthz");
    },
  },
  {
    name: "a security group rule",
    cause: /The first layer that fails is the security group: security group \S+-master-sg \(sg-\w+\) doesn't allow tcp 22623 from/,
    damage: async ({ account, infraId, machineCidr }) => {
      const rule = {
        GroupId: await account.groupId(`${infraId}-master-sg`),
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 22623, ToPort: 22623, IpRanges: [{ CidrIp: machineCidr }] }],
      };
      await account.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
      return () => account.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
    },
  },
  {
    name: "the CA in the control plane's pointer",
    cause: /The first layer that fails is ignition: the pointer config of master-\d \(i-\w+\) doesn't trust the root CA that signed/,
    damage: async ({ account, infraId }) => {
      const masters = await account.running(`${infraId}-master`);
      const { UserData } = await account.ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: masters[0], Attribute: "userData" }));
      const pointer = Buffer.from(UserData?.Value ?? "", "base64").toString("utf8");
      const { certificate } = await makeCertificate("root-ca", new Date());
      const foreign = `data:text/plain;charset=utf-8;base64,${Buffer.from(certificate).toString("base64")}`;
      const damaged = pointer.replace(/data:text\/plain;charset=utf-8;base64,[\w+/=]+/, foreign);
      if (damaged === pointer) throw new Error(`the control plane's pointer has no CA: ${pointer}`);
      await change(account, masters, damaged);
      return () => change(account, masters, pointer);
    },
  },
];

/** EC2 allows a change of user data only on a stopped instance (EC2 API reference, ModifyInstanceAttribute). */
async function change({ ec2 }: Account, InstanceIds: string[], userData: string): Promise<void> {
  await ec2.send(new StopInstancesCommand({ InstanceIds }));
  for (const InstanceId of InstanceIds) {
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, UserData: { Value: Buffer.from(userData) } }));
  }
  await ec2.send(new StartInstancesCommand({ InstanceIds }));
}
