import {
  DeleteInternetGatewayCommand,
  DeleteVpcCommand,
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeTagsCommand,
  EC2Client,
  ReleaseAddressCommand,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroupRule,
  type TagDescription,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ListHostedZonesByVPCCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
  type RRType,
  type VPCRegion,
} from "@aws-sdk/client-route-53";
import { IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { callerAccount } from "../../lib/aws/caller-account";
import { clientConfiguration } from "../../lib/aws/client";
import { recordName, targetName } from "../../lib/aws/record-name";

/** Inputs of a resource. The recovery uses only inputs that are strings or numbers. */
export type Inputs = Readonly<Partial<Record<string, string>>>;

/** EC2's name of a type whose resources AWS deletes only while nothing uses them. */
export type DeletableIfUnused = "vpc" | "elastic-ip" | "internet-gateway";

/** An EC2 resource and its `Name` tag. */
export interface TaggedResource {
  readonly type: DeletableIfUnused;
  readonly id: string;
  readonly name: string;
}

/** The calls to AWS that the recovery needs: lookups, and two changes. */
export interface RecoveryAccount {
  /**
   * Removes the default egress rules that AWS adds to a new security group, if they still exist.
   *
   * @param recorded IDs of the rules in the stack's state. They are not removed, even if they allow the same traffic as the default rules
   */
  removeDefaultEgress(groupId: string, recorded: readonly string[]): Promise<void>;
  /** ID of the existing EC2 resource of this type with the same `Name` tag. */
  findTagged(resourceType: string, tags: Inputs): Promise<string | undefined>;
  /** All resources of these types with one of these names (at most 200, EC2's limit of a filter's values). */
  findNamed(types: readonly DeletableIfUnused[], names: readonly string[]): Promise<TaggedResource[]>;
  /**
   * Deletes a resource.
   *
   * @returns whether the resource existed: EC2 may list the tags of a resource that does not exist any more
   * @throws the SDK's error if something uses the resource
   */
  remove(resource: TaggedResource): Promise<boolean>;
  findRule(rule: Inputs, egress: boolean): Promise<string | undefined>;
  findLoadBalancer(name: string): Promise<string | undefined>;
  findTargetGroup(name: string): Promise<string | undefined>;
  findListener(loadBalancerArn: string, port: number): Promise<string | undefined>;
  /**
   * Name of the bucket, if this account has it. A bucket of another account is not used, because it must not get this stack's data.
   *
   * @throws Error if S3 denies the request: the bucket may belong to this account, so its creation must not be dropped from the state
   */
  findBucket(name: string): Promise<string | undefined>;
  /** ID of the EFS file system with this creation token, which is unique in the account. */
  findFileSystem(creationToken: string): Promise<string | undefined>;
  /** ID of the file system's mount target in this subnet. */
  findMountTarget(fileSystemId: string, subnetId: string): Promise<string | undefined>;
  /** ARN of the secret with this name. */
  findSecret(name: string): Promise<string | undefined>;
  /** ARN of the identity provider with this URL. An account can have only one provider for a URL. */
  findIdentityProvider(url: string): Promise<string | undefined>;
  /** ID of the private zone with this name that is associated with the VPC. A VPC can have only one such zone. */
  findPrivateZone(name: string, vpcId: string): Promise<string | undefined>;
  /** The import ID of a record, if it points to the target of this stack's record. */
  findRecord(record: Inputs, target: string): Promise<string | undefined>;
}

/**
 * The fix for the error that S3 answers HeadBucket with 403. `--clear-pending-creates` drops all interrupted creations from the state
 * (`pulumi refresh --help`).
 */
const deniedBucketFix =
  "allow s3:ListBucket and run the same command again. If the bucket belongs to another account, its owner has to delete it. Otherwise only " +
  '"pulumi refresh --clear-pending-creates" removes its creation from the state, and with it every other interrupted creation. Resources that ' +
  "AWS created for these would be left over, so look for them in AWS first";

/** The account of the credentials in the environment, in one region. */
export class AwsAccount implements RecoveryAccount {
  private readonly ec2: EC2Client;
  private readonly balancing: ElasticLoadBalancingV2Client;
  private readonly dns: Route53Client;
  private readonly secrets: SecretsManagerClient;
  private readonly iam: IAMClient;

  constructor(readonly region: string) {
    const configuration = clientConfiguration(region);
    this.ec2 = new EC2Client(configuration);
    this.balancing = new ElasticLoadBalancingV2Client(configuration);
    this.dns = new Route53Client(configuration);
    this.secrets = new SecretsManagerClient(configuration);
    this.iam = new IAMClient(configuration);
  }

  async findTagged(resourceType: string, tags: Inputs): Promise<string | undefined> {
    const name = tags.Name;
    if (name === undefined) return undefined;
    const ids = (await this.nameTags([resourceType], [name])).flatMap(({ ResourceId }) => ResourceId ?? []);
    // EC2 lists terminated resources for some time. They are ignored.
    const living = { instance: () => this.livingInstances(ids), natgateway: () => this.livingNatGateways(ids) }[resourceType];
    return only(`${resourceType} named ${name}`, ids.length > 0 && living !== undefined ? await living() : ids);
  }

  async findNamed(types: readonly DeletableIfUnused[], names: readonly string[]): Promise<TaggedResource[]> {
    const tags = await this.nameTags(types, names);
    return tags.map(({ ResourceType, ResourceId = "", Value = "" }) => ({
      type: ResourceType as DeletableIfUnused,
      id: ResourceId,
      name: Value,
    }));
  }

  async remove({ type, id }: TaggedResource): Promise<boolean> {
    const deletions = {
      vpc: () => this.ec2.send(new DeleteVpcCommand({ VpcId: id })),
      "elastic-ip": () => this.ec2.send(new ReleaseAddressCommand({ AllocationId: id })),
      "internet-gateway": () => this.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id })),
    };
    return (await unlessMissing<unknown>(deletions[type]())) !== undefined;
  }

  async findRule(rule: Inputs, egress: boolean): Promise<string | undefined> {
    const { SecurityGroupRules = [] } = await this.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [rule.securityGroupId ?? ""] }] }),
    );
    return SecurityGroupRules.find((each) => each.IsEgress === egress && isSameRule(each, rule))?.SecurityGroupRuleId;
  }

  async removeDefaultEgress(groupId: string, recorded: readonly string[]): Promise<void> {
    const { SecurityGroupRules = [] } = await this.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [groupId] }] }),
    );
    const rules = SecurityGroupRules.filter(
      (rule) => rule.IsEgress === true && rule.IpProtocol === "-1" && (rule.CidrIpv4 === "0.0.0.0/0" || rule.CidrIpv6 === "::/0"),
    );
    // Only AWS's default rules have no description; this project's rules have one.
    const undescribed = rules.filter(({ Description = "" }) => Description === "");
    const ids = undescribed.flatMap(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? []).filter((id) => !recorded.includes(id));
    if (ids.length === 0) return;
    // If the answer to the first request is lost, the SDK sends a second request, and AWS answers that the rules do not exist.
    await unlessMissing(this.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: groupId, SecurityGroupRuleIds: ids })));
  }

  async findLoadBalancer(name: string): Promise<string | undefined> {
    const answer = await unlessMissing(this.balancing.send(new DescribeLoadBalancersCommand({ Names: [name] })));
    return answer?.LoadBalancers?.[0]?.LoadBalancerArn;
  }

  async findTargetGroup(name: string): Promise<string | undefined> {
    const answer = await unlessMissing(this.balancing.send(new DescribeTargetGroupsCommand({ Names: [name] })));
    return answer?.TargetGroups?.[0]?.TargetGroupArn;
  }

  async findListener(loadBalancerArn: string, port: number): Promise<string | undefined> {
    const answer = await unlessMissing(this.balancing.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn })));
    return answer?.Listeners?.find((listener) => listener.Port === port)?.ListenerArn;
  }

  async findBucket(bucket: string): Promise<string | undefined> {
    // These modules are loaded here, because only the recovery of a bucket needs them.
    const { S3Client } = await import("@aws-sdk/client-s3");
    const { accountHasBucket } = await import("../../lib/aws/account-bucket");
    const configuration = clientConfiguration(this.region);
    const accountId = await callerAccount(configuration);
    if (accountId === undefined) throw new Error(`AWS did not name the account of the credentials, so the owner of ${bucket} is not known`);
    return (await accountHasBucket(new S3Client(configuration), { bucket, accountId }, deniedBucketFix)) ? bucket : undefined;
  }

  async findFileSystem(CreationToken: string): Promise<string | undefined> {
    const { EFSClient, DescribeFileSystemsCommand } = await import("@aws-sdk/client-efs");
    const efs = new EFSClient(clientConfiguration(this.region));
    const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand({ CreationToken }));
    return FileSystems[0]?.FileSystemId;
  }

  async findMountTarget(FileSystemId: string, subnetId: string): Promise<string | undefined> {
    const { EFSClient, DescribeMountTargetsCommand } = await import("@aws-sdk/client-efs");
    const efs = new EFSClient(clientConfiguration(this.region));
    const answer = await unlessMissing(efs.send(new DescribeMountTargetsCommand({ FileSystemId })));
    return answer?.MountTargets?.find(({ SubnetId }) => SubnetId === subnetId)?.MountTargetId;
  }

  async findSecret(name: string): Promise<string | undefined> {
    return (await unlessMissing(this.secrets.send(new DescribeSecretCommand({ SecretId: name }))))?.ARN;
  }

  async findIdentityProvider(url: string): Promise<string | undefined> {
    const { OpenIDConnectProviderList = [] } = await this.iam.send(new ListOpenIDConnectProvidersCommand({}));
    return OpenIDConnectProviderList.find(({ Arn }) => Arn?.endsWith(`:oidc-provider/${url.replace("https://", "")}`))?.Arn;
  }

  async findPrivateZone(name: string, vpcId: string): Promise<string | undefined> {
    const VPCRegion = this.region as VPCRegion;
    const { HostedZoneSummaries = [] } = await this.dns.send(new ListHostedZonesByVPCCommand({ VPCId: vpcId, VPCRegion }));
    return HostedZoneSummaries.find((zone) => recordName(zone.Name) === recordName(name))?.HostedZoneId;
  }

  async findRecord({ zoneId, name, type }: Inputs, target: string): Promise<string | undefined> {
    const { ResourceRecordSets = [] } = await this.dns.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, StartRecordType: type as RRType, MaxItems: 1 }),
    );
    const [record] = ResourceRecordSets as [ResourceRecordSet?, ...ResourceRecordSet[]];
    const targets = [record?.AliasTarget?.DNSName, ...(record?.ResourceRecords ?? []).map(({ Value }) => Value)];
    const ours = recordName(record?.Name) === recordName(name) && targets.some((each) => targetName(each) === targetName(target));
    return ours ? [zoneId, name, type].join("_") : undefined;
  }

  private async nameTags(types: readonly string[], names: readonly string[]): Promise<TagDescription[]> {
    const { Tags = [] } = await this.ec2.send(
      new DescribeTagsCommand({
        Filters: [
          { Name: "resource-type", Values: [...types] },
          { Name: "key", Values: ["Name"] },
          { Name: "value", Values: [...names] },
        ],
      }),
    );
    return Tags;
  }

  private async livingInstances(ids: string[]): Promise<string[]> {
    const { Reservations = [] } = await this.ec2.send(
      new DescribeInstancesCommand({
        InstanceIds: ids,
        Filters: [{ Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] }],
      }),
    );
    return Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  }

  private async livingNatGateways(ids: string[]): Promise<string[]> {
    const filter = { Name: "state", Values: ["pending", "available"] };
    const { NatGateways = [] } = await this.ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: ids, Filter: [filter] }));
    return NatGateways.flatMap(({ NatGatewayId }) => NatGatewayId ?? []);
  }
}

function isSameRule(found: SecurityGroupRule, wanted: Inputs): boolean {
  return (
    found.IpProtocol === wanted.ipProtocol &&
    (found.FromPort ?? -1) === Number(wanted.fromPort ?? -1) &&
    (found.ToPort ?? -1) === Number(wanted.toPort ?? -1) &&
    found.CidrIpv4 === wanted.cidrIpv4 &&
    found.ReferencedGroupInfo?.GroupId === wanted.referencedSecurityGroupId
  );
}

/** The only ID; undefined if there is none. With several IDs it throws an error, because a person has to decide. */
function only(what: string, ids: readonly string[]): string | undefined {
  if (ids.length > 1) {
    throw new Error(
      `there is more than one ${what}: ${ids.join(", ")}. Delete those that this stack doesn't use, then run the same command again.`,
    );
  }
  return ids[0];
}

/** The answer; undefined if the service reports that the resource does not exist. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /NotFound/.test(error.name)) return undefined;
    throw error;
  }
}
