import { DescribeInstancesCommand, DescribeSecurityGroupsCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import {
  ListHostedZonesByVPCCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import type { EmulatedAws } from "@okd-aws/sandbox/aws";
import { clientConfiguration } from "../../lib/aws/client";
import { region } from "../region";

/** AWS SDK clients with which a test changes the emulated account behind the stack's back: Pulumi's state does not have these changes. */
export class Account {
  readonly ec2 = new EC2Client(clientConfiguration(region));
  readonly balancing = new ElasticLoadBalancingV2Client(clientConfiguration(region));
  readonly iam = new IAMClient(clientConfiguration(region));
  readonly route53 = new Route53Client(clientConfiguration(region));
  readonly s3 = new S3Client(clientConfiguration(region));

  private constructor() {
    // Only `open` calls the constructor, after it has set the environment variables.
  }

  /** @param aws the emulated AWS. Its environment variables stay set in this process, because the SDK reads its proxy and credentials from them */
  static open(aws: EmulatedAws): Account {
    Object.assign(process.env, aws.environment);
    return new Account();
  }

  close(): void {
    for (const client of [this.ec2, this.balancing, this.iam, this.route53, this.s3]) client.destroy();
  }

  /** ID of the only security group with this name tag. */
  async groupId(name: string): Promise<string> {
    const { SecurityGroups = [] } = await this.ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: "tag:Name", Values: [name] }] }),
    );
    return onlyElement(SecurityGroups, `security group ${name}`).GroupId ?? "";
  }

  async vpcId(name: string): Promise<string> {
    const { Vpcs = [] } = await this.ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:Name", Values: [name] }] }));
    return onlyElement(Vpcs, `VPC ${name}`).VpcId ?? "";
  }

  async targetGroupArn(name: string): Promise<string> {
    const { TargetGroups = [] } = await this.balancing.send(new DescribeTargetGroupsCommand({ Names: [name] }));
    return onlyElement(TargetGroups, `target group ${name}`).TargetGroupArn ?? "";
  }

  /** IDs of the running instances whose name begins with the given text. */
  async running(name: string): Promise<string[]> {
    const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
    const { Reservations = [] } = await this.ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === "Name" && Value?.startsWith(name) === true))
      .map(({ InstanceId = "" }) => InstanceId);
  }

  /** A record of the private zone of a VPC. */
  async privateRecord(vpcId: string, name: string): Promise<{ readonly zoneId: string; readonly record: ResourceRecordSet }> {
    const { HostedZoneSummaries = [] } = await this.route53.send(new ListHostedZonesByVPCCommand({ VPCId: vpcId, VPCRegion: region }));
    const zoneId = onlyElement(HostedZoneSummaries, `private zone of ${vpcId}`).HostedZoneId ?? "";
    const { ResourceRecordSets = [] } = await this.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    const record = onlyElement(
      ResourceRecordSets.filter(({ Name }) => Name === `${name}.`),
      `record ${name}`,
    );
    return { zoneId, record };
  }
}

/** The only element of a list. */
export function onlyElement<T>(found: readonly T[], what: string): T {
  if (found.length !== 1) throw new Error(`found ${found.length} instead of exactly one: ${what}`);
  return found[0];
}
