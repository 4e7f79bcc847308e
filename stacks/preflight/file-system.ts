import type { EFSClient, MountTargetDescription } from "@aws-sdk/client-efs";
import * as aws from "@pulumi/aws";
import { clusterDomainTagKey } from "../../config/tags/fields";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { removeCommand } from "../../config/problem";
import { unlessNotFound } from "../../lib/pulumi/lookup-errors";
import { askEfs, findFileSystem } from "./efs";

/**
 * Problems of an existing EFS file system. It must exist and be Regional. Except for this cluster's own mount targets, it must have none in another
 * VPC and none in the cluster's zones (EFS API reference, CreateMountTarget). If efsVolumes has volumes, the file system's policy must allow mounts
 * without TLS.
 */
export async function fileSystemProblems(configuration: Configuration): Promise<ConfigurationProblem[]> {
  const { platform, region } = configuration;
  const fileSystem = platform.sharedStorage?.fileSystem;
  if (fileSystem?.kind !== "existing") return [];
  const { id } = fileSystem;
  const problem = await askEfs(region, (client) => problemOf(id, configuration, client));
  return problem === undefined ? [] : [{ key: "efsFileSystemId", value: id, ...problem }];
}

async function problemOf(
  id: string,
  configuration: Configuration,
  client: EFSClient,
): Promise<Pick<ConfigurationProblem, "wrong" | "allowed" | "fix"> | undefined> {
  const allowed = `a Regional file system in ${configuration.region} without mount targets in another VPC or in the cluster's zones`;
  const list =
    "set efsFileSystemId to a Regional file system: `aws efs describe-file-systems` shows an AvailabilityZoneName only for One Zone file systems";
  const found = await findFileSystem(client, { FileSystemId: id });
  if (found === undefined) return { wrong: `names ${id}, which does not exist`, allowed, fix: list };
  const { AvailabilityZoneName: zone } = found;
  if (zone !== undefined)
    return { wrong: `names ${id}, a One Zone file system in ${zone}, which can't have mount targets in other zones`, allowed, fix: list };
  const { DescribeMountTargetsCommand } = await import("@aws-sdk/client-efs");
  const { MountTargets = [] } = await client.send(new DescribeMountTargetsCommand({ FileSystemId: id }));
  const fix = `destroy the cluster that uses it, or delete its mount targets, which \`aws efs describe-mount-targets --file-system-id ${id}\` lists`;
  for (const target of MountTargets) {
    const obstacle = await obstacleOf(target, configuration, client);
    if (obstacle !== undefined) return { wrong: `names ${id}, which has ${obstacle}`, allowed, fix };
  }
  return (configuration.platform.sharedStorage?.volumes.length ?? 0) > 0 ? tlsProblem(id, client) : undefined;
}

/**
 * The end of the message "names fs-…, which has …" if an existing mount target prevents the cluster's own mount targets; otherwise undefined. A file system
 * can have mount targets in only one VPC, and only one in each zone. A mount target with the cluster's security group belongs to this cluster and
 * prevents nothing.
 */
async function obstacleOf(
  { MountTargetId = "", VpcId: vpcId = "", AvailabilityZoneName: zone = "" }: MountTargetDescription,
  { network, clusterDomain }: Configuration,
  client: EFSClient,
): Promise<string | undefined> {
  const { DescribeMountTargetSecurityGroupsCommand } = await import("@aws-sdk/client-efs");
  const { SecurityGroups: groups = [] } = await client.send(new DescribeMountTargetSecurityGroupsCommand({ MountTargetId }));
  const own = [
    { name: "group-id", values: groups },
    { name: `tag:${clusterDomainTagKey}`, values: [clusterDomain] },
  ];
  const found = await unlessNotFound(aws.ec2.getSecurityGroups({ filters: own }));
  if (found !== undefined && found.ids.length > 0) return undefined;
  if (network.kind === "new" || vpcId !== network.vpcId) return `mount targets in ${vpcId}: a file system can be used in only one VPC`;
  const subnets = await Promise.all(network.privateSubnetIds.map((id) => unlessNotFound(aws.ec2.getSubnet({ id }))));
  return subnets.some((subnet) => subnet?.availabilityZone === zone)
    ? `the mount target ${MountTargetId} in ${zone}: a file system can have only one in each zone, and the cluster needs its own`
    : undefined;
}

/** The problem that a file system's policy refuses mounts without TLS. A file system that this program created with efsRequireTls has such a policy. */
async function tlsProblem(id: string, client: EFSClient): Promise<Pick<ConfigurationProblem, "wrong" | "allowed" | "fix"> | undefined> {
  if (!requiresTls(await policyText(id, client))) return undefined;
  return {
    wrong: `names ${id}, whose policy refuses mounts without TLS: the nodes could not mount the volumes in efsVolumes`,
    allowed: "a file system that allows mounts without TLS, or no efsVolumes",
    fix: `aws efs delete-file-system-policy --file-system-id ${id}, after which every client that reaches a mount target may mount it; or ${removeCommand("efsVolumes")}`,
  };
}

async function policyText(FileSystemId: string, client: EFSClient): Promise<string> {
  const { DescribeFileSystemPolicyCommand } = await import("@aws-sdk/client-efs");
  try {
    const { Policy = "{}" } = await client.send(new DescribeFileSystemPolicyCommand({ FileSystemId }));
    return Policy;
  } catch (error) {
    if (error instanceof Error && error.name === "PolicyNotFound") return "{}";
    throw error;
  }
}

/** Whether a policy denies something without TLS (EFS user guide, "Using IAM to control access to file systems": aws:SecureTransport). */
function requiresTls(policy: string): boolean {
  const { Statement = [] } = JSON.parse(policy) as { readonly Statement?: object | readonly object[] };
  return [Statement].flat().some((each) => {
    const { Effect, Condition } = each as { readonly Effect?: string; readonly Condition?: { readonly Bool?: Record<string, unknown> } };
    return Effect === "Deny" && String(Condition?.Bool?.["aws:SecureTransport"]) === "false";
  });
}
