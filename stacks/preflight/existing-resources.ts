import * as aws from "@pulumi/aws";
import { parseArn } from "../../lib/aws/arn";
import { isDenied, unlessNotFound } from "../../lib/pulumi/lookup-errors";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { fileSystemProblems } from "./file-system";

/** An existing resource that the configuration names, and its lookup. */
interface ExistingResource {
  readonly key: string;
  readonly value: string;
  readonly expected: string;
  /**
   * Text after "names …, which does not exist", such as ", or is not in vpc-0123": the lookup also fails for a resource that exists but is not the
   * right one.
   */
  readonly mismatch?: string;
  /** Command that lists the resources that the key may name. */
  readonly command: string;
  readonly lookup: () => Promise<unknown>;
}

/**
 * Problems with existing roles, keys, security groups, AMIs, zones, subnets and file systems that the configuration names. Each must exist before
 * anything is created.
 */
export async function existingResourceProblems(configuration: Configuration): Promise<ConfigurationProblem[]> {
  const [problems, association, boundary, fileSystem] = await Promise.all([
    Promise.all(
      existingResources(configuration).map(async ({ key, value, expected, mismatch = "", command, lookup }) =>
        (await exists(lookup))
          ? []
          : [
              {
                key,
                wrong: `names ${value}, which does not exist${mismatch}`,
                value,
                allowed: expected,
                fix: `name an existing resource from the list that \`${command}\` prints, or create this resource`,
              },
            ],
      ),
    ),
    associationProblems(configuration),
    boundaryProblems(configuration),
    fileSystemProblems(configuration),
  ]);
  // One problem for each resource: a zone that does not exist is not also reported as not associated with the VPC, and a policy of another
  // account is not also reported as missing.
  const elsewhere = boundary.map(({ key }) => key);
  const missing = problems.flat().filter(({ key }) => !elsewhere.includes(key));
  const keys = missing.map(({ key }) => key);
  return [...missing, ...boundary, ...fileSystem, ...association.filter(({ key }) => !keys.includes(key))];
}

/** A role's permissions boundary must be a policy of the role's account or of AWS (IAM API reference, CreateRole: PermissionsBoundary). */
async function boundaryProblems({ iam: { permissionsBoundaryArn: arn } }: Configuration): Promise<ConfigurationProblem[]> {
  if (arn === undefined) return [];
  const owner = parseArn(arn)?.accountId ?? "";
  if (owner === "aws") return [];
  const { accountId } = await aws.getCallerIdentity();
  if (owner === accountId) return [];
  return [
    {
      key: "permissionsBoundaryArn",
      wrong: `names a policy of account ${owner}, but the roles are created in account ${accountId}`,
      value: arn,
      allowed: `a policy of account ${accountId}, or one of AWS's own`,
      fix: `create the policy in account ${accountId}; \`aws iam list-policies --scope Local\` lists the existing policies`,
    },
  ];
}

/**
 * Checks that the private zone is associated with the VPC, because a private zone answers only in its VPCs. A zone of another account is not
 * checked: the role for it may only change records.
 */
async function associationProblems({ dns, network, clusterDomain, region }: Configuration): Promise<ConfigurationProblem[]> {
  if (dns.management === "user" || dns.privateZone === undefined || dns.privateZone.roleArn !== undefined || network.kind === "new")
    return [];
  const { id } = dns.privateZone;
  const { vpcId } = network;
  // The zone is looked up by name and VPC: a VPC can be associated with only one zone of a name.
  const lookup = async () => {
    const zone = await aws.route53.getZone({ name: clusterDomain, privateZone: true, vpcId });
    return zone.zoneId === id ? zone : undefined;
  };
  if (await exists(lookup)) return [];
  return [
    {
      key: "privateZoneId",
      wrong: `is ${id}, a zone that is not associated with ${vpcId}: instances in this VPC could not resolve the zone's records`,
      value: id,
      allowed: `a private hosted zone of ${clusterDomain} that is associated with ${vpcId}`,
      fix: `aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ${id} --vpc VPCRegion=${region},VPCId=${vpcId}`,
    },
  ];
}

async function exists(lookup: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await unlessNotFound(lookup())) !== undefined;
  } catch (error) {
    if (isDenied(error)) return true;
    throw error;
  }
}

function existingResources(configuration: Configuration): ExistingResource[] {
  return [
    ...roles(configuration),
    ...keys(configuration),
    ...hostImage(configuration),
    ...logBucket(configuration),
    ...privateZone(configuration),
    ...securityGroups(configuration),
    ...shardSubnets(configuration),
  ];
}

/** Roles of instances, and the permissions boundary of the other roles. */
function roles({ iam }: Configuration): ExistingResource[] {
  return [
    ...(["masterRoleName", "workerRoleName", "bootstrapRoleName"] as const).flatMap((key) =>
      ifConfigured(iam[key], (name) => ({
        key,
        value: name,
        expected: "an IAM role of the account",
        command: "aws iam list-roles",
        lookup: () => aws.iam.getRole({ name }),
      })),
    ),
    ...ifConfigured(iam.permissionsBoundaryArn, (arn) => ({
      key: "permissionsBoundaryArn",
      value: arn,
      expected: "an IAM policy of the account, or one of AWS's own",
      command: "aws iam list-policies",
      lookup: () => aws.iam.getPolicy({ arn }),
    })),
  ];
}

function keys({ volumeKmsKeyArn, platform: { sharedStorage } }: Configuration): ExistingResource[] {
  const fileSystem = sharedStorage?.fileSystem;
  const fileSystemKey = fileSystem?.kind === "new" && fileSystem.kmsKeyArn !== volumeKmsKeyArn ? fileSystem.kmsKeyArn : undefined;
  return Object.entries({ volumeKmsKeyArn, efsKmsKeyArn: fileSystemKey }).flatMap(([key, arn]) =>
    ifConfigured(arn, (keyId) => ({
      key,
      value: keyId,
      expected: "a KMS key that the credentials may describe",
      command: "aws kms list-keys",
      lookup: () => aws.kms.getKey({ keyId }),
    })),
  );
}

function hostImage({ installerHost, region, architecture }: Configuration): ExistingResource[] {
  const processor = { amd64: "x86_64", arm64: "arm64" }[architecture];
  return ifConfigured(installerHost?.imageId, (id) => ({
    key: "installerHostImageId",
    value: id,
    expected: `an image in ${region} that the credentials may use, for ${processor}`,
    mismatch: `, or is not for ${processor}`,
    command: `aws ec2 describe-images --image-ids ${id} --region ${region}`,
    lookup: async () => {
      // Fedora CoreOS AMIs are deprecated long before they are deleted.
      const image = await aws.ec2.getAmi({ filters: [{ name: "image-id", values: [id] }], includeDeprecated: true });
      return image.architecture === processor ? image : undefined;
    },
  }));
}

/** The bucket with the logs of an earlier Loki. */
function logBucket({ platform, region }: Configuration): ExistingResource[] {
  return ifConfigured(platform.logging?.loki?.bucketName, (bucket) => ({
    key: "lokiBucketName",
    value: bucket,
    expected: `a bucket in ${region} that the credentials may read`,
    mismatch: `, or is not in ${region}`,
    command: "aws s3api list-buckets",
    lookup: async () => {
      const found = await aws.s3.getBucket({ bucket });
      return found.bucketRegion === region ? found : undefined;
    },
  }));
}

/** The private zone. A zone of another account is not looked up: the role for it may only change records. */
function privateZone({ dns, clusterDomain }: Configuration): ExistingResource[] {
  const configured = dns.management === "managed" && dns.privateZone?.roleArn === undefined ? dns.privateZone : undefined;
  return ifConfigured(configured?.id, (zoneId) => ({
    key: "privateZoneId",
    value: zoneId,
    expected: `a private hosted zone of ${clusterDomain} in the account`,
    mismatch: `, or is not a private zone of ${clusterDomain}`,
    command: "aws route53 list-hosted-zones",
    lookup: async () => {
      const zone = await aws.route53.getZone({ zoneId });
      return zone.privateZone && zone.name === clusterDomain ? zone : undefined;
    },
  }));
}

/** Security groups that the user adds to instances. */
function securityGroups({ masters, workers, infra, network }: Configuration): ExistingResource[] {
  return Object.entries({ master: masters, worker: workers, infra }).flatMap(([pool, { securityGroupIds }]) =>
    securityGroupIds.map((id) => ({
      key: `${pool}SecurityGroupIds`,
      value: id,
      expected: "security groups of the existing VPC",
      ...(network.kind === "existing" && { mismatch: `, or is not in ${network.vpcId}` }),
      command: "aws ec2 describe-security-groups",
      lookup: () => aws.ec2.getSecurityGroup({ id, ...(network.kind === "existing" && { vpcId: network.vpcId }) }),
    })),
  );
}

/** Subnets that router shards put their load balancers into. An unusable subnet would otherwise fail only later, in the running cluster. */
function shardSubnets({ platform, network, region }: Configuration): ExistingResource[] {
  if (network.kind === "new") return [];
  const ids = platform.routers.shards.flatMap(({ publishing }) => (publishing.kind === "waf" ? [] : publishing.subnetIds));
  // Local and wavelength zones have longer names. These load balancer types exist neither there nor on an Outpost.
  const zone = new RegExp(`^${region}[a-z]$`);
  return [...new Set(ids)].map((id) => ({
    key: "routerShards",
    value: id,
    expected: `subnets of ${network.vpcId} with an IPv4 CIDR block, in availability zones of ${region}`,
    mismatch: `, is not in ${network.vpcId} or an availability zone of ${region}, or has no IPv4 CIDR block`,
    command: `aws ec2 describe-subnets --filters Name=vpc-id,Values=${network.vpcId}`,
    lookup: async () => {
      const { vpcId, availabilityZone, outpostArn, cidrBlock } = await aws.ec2.getSubnet({ id });
      return vpcId === network.vpcId && zone.test(availabilityZone) && !outpostArn && cidrBlock !== "" ? id : undefined;
    },
  }));
}

function ifConfigured(value: string | undefined, describe: (value: string) => ExistingResource): ExistingResource[] {
  return value === undefined ? [] : [describe(value)];
}
