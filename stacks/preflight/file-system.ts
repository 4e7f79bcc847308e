import type { EFSClient, FileSystemDescription } from "@aws-sdk/client-efs";
import * as aws from "@pulumi/aws";
import { clusterDomainTagKey } from "../../components/naming";
import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { clientConfiguration } from "../../lib/aws/client";
import { unlessNotFound } from "../../lib/pulumi/lookup-errors";

/**
 * Problems with an existing EFS file system: it must exist, be Regional, and have no mount targets in a VPC that is not the cluster's (EFS
 * API reference, CreateMountTarget). Not checked: other mount targets in the cluster's own VPC, which look like those of this stack.
 */
export async function fileSystemProblems(configuration: Configuration): Promise<ConfigurationProblem[]> {
  const { platform, region } = configuration;
  const fileSystem = platform.sharedStorage?.fileSystem;
  if (fileSystem?.kind !== "existing") return [];
  const { id } = fileSystem;
  const { EFSClient: Client } = await import("@aws-sdk/client-efs");
  const client = new Client(clientConfiguration(region));
  try {
    const problem = await problemOf(id, configuration, client);
    return problem === undefined ? [] : [{ key: "efsFileSystemId", value: id, ...problem }];
  } catch (error) {
    // The update fails with AWS's own message if the credentials may not use the file system either.
    if (error instanceof Error && error.name === "AccessDeniedException") return [];
    throw error;
  } finally {
    client.destroy();
  }
}

async function problemOf(
  id: string,
  configuration: Configuration,
  client: EFSClient,
): Promise<Pick<ConfigurationProblem, "wrong" | "allowed" | "fix"> | undefined> {
  const allowed = `a Regional file system in ${configuration.region} without mount targets in another VPC`;
  const list = "aws efs describe-file-systems lists them";
  const found = await describedFileSystem(id, client);
  if (found === undefined) return { wrong: `names ${id}, which does not exist`, allowed, fix: list };
  const { AvailabilityZoneName: zone } = found;
  if (zone !== undefined)
    return { wrong: `names ${id}, a One Zone file system in ${zone}, which can't have mount targets in other zones`, allowed, fix: list };
  const { DescribeMountTargetsCommand } = await import("@aws-sdk/client-efs");
  const { MountTargets = [] } = await client.send(new DescribeMountTargetsCommand({ FileSystemId: id }));
  for (const vpcId of new Set(MountTargets.map(({ VpcId = "" }) => VpcId))) {
    if (await isClustersVpc(vpcId, configuration)) continue;
    return {
      wrong: `names ${id}, which has mount targets in ${vpcId}: a file system can be used in only one VPC`,
      allowed,
      fix: `destroy the cluster that uses it, or delete its mount targets: aws efs describe-mount-targets --file-system-id ${id} lists them`,
    };
  }
  return undefined;
}

async function describedFileSystem(FileSystemId: string, client: EFSClient): Promise<FileSystemDescription | undefined> {
  const { DescribeFileSystemsCommand } = await import("@aws-sdk/client-efs");
  try {
    const { FileSystems: [found] = [] } = await client.send(new DescribeFileSystemsCommand({ FileSystemId }));
    return found;
  } catch (error) {
    if (error instanceof Error && error.name === "FileSystemNotFound") return undefined;
    throw error;
  }
}

/** Whether a VPC is the cluster's: the existing one, or the one that an earlier update created, which has the cluster's domain as a tag. */
async function isClustersVpc(vpcId: string, { network, clusterDomain }: Configuration): Promise<boolean> {
  if (network.kind === "existing") return vpcId === network.vpcId;
  const vpc = await unlessNotFound(aws.ec2.getVpc({ id: vpcId }));
  return vpc?.tags[clusterDomainTagKey] === clusterDomain;
}
