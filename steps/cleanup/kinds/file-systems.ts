import {
  DeleteAccessPointCommand,
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeAccessPointsCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
} from "@aws-sdk/client-efs";
import { filterBy } from "../batches";
import { type AwsTag, type ClusterResource, isOwned, type ResourceKind, type CleanupContext } from "../resource-kind";
import { taggedArns } from "../tagged";

/**
 * Access points that the EFS CSI driver created, one for each volume (openshift/csi-operator, release-4.19,
 * assets/overlays/aws-efs/generated/standalone/controller.yaml: `--tags=kubernetes.io/cluster/${CLUSTER_ID}:owned`). The data below a deleted
 * access point stays in the user's file system.
 */
export const accessPoints: ResourceKind = {
  name: "EFS access points",
  arns: /^arn:[^:]+:elasticfilesystem:.*:access-point\//,
  list: (context) =>
    listTagged(context, accessPoints, async (AccessPointId) => {
      const { AccessPoints = [] } = await context.clients.efs.send(new DescribeAccessPointsCommand({ AccessPointId }));
      return AccessPoints;
    }),
  async remove({ id }, { clients }) {
    await clients.efs.send(new DeleteAccessPointCommand({ AccessPointId: id }));
  },
};

/** File systems that somebody tagged as owned by the cluster. openshift-install deletes them, too (pkg/destroy/aws/aws.go, deleteFileSystem). */
export const fileSystems: ResourceKind = {
  name: "EFS file systems",
  arns: /^arn:[^:]+:elasticfilesystem:.*:file-system\//,
  list: (context) =>
    listTagged(context, fileSystems, async (FileSystemId) => {
      const { FileSystems = [] } = await context.clients.efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
      return FileSystems;
    }),
  async remove({ id }, { clients: { efs } }) {
    const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId: id }));
    for (const { MountTargetId, LifeCycleState } of MountTargets)
      if (LifeCycleState !== "deleting") await efs.send(new DeleteMountTargetCommand({ MountTargetId }));
    // Fails with FileSystemInUse until the mount targets are deleted; the cleanup then tries again.
    await efs.send(new DeleteFileSystemCommand({ FileSystemId: id }));
  },
};

interface Described {
  readonly Tags?: readonly AwsTag[] | undefined;
  readonly LifeCycleState?: string | undefined;
}

/**
 * The resources of a kind that the cluster owns. EFS is only called for resources that the tagging API lists, so that an account without EFS needs
 * no permissions for EFS. A resource that EFS refuses to describe counts as existing: its deletion then fails with EFS's reason.
 */
async function listTagged(
  context: CleanupContext,
  kind: ResourceKind,
  describe: (id: string) => Promise<readonly Described[]>,
): Promise<ClusterResource[]> {
  const arns = (await taggedArns(context)).filter((arn) => kind.arns.test(arn));
  const ids = arns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
  const there = await filterBy(ids, async (id) => {
    try {
      return (await describe(id)).some(({ LifeCycleState, Tags }) => LifeCycleState !== "deleted" && isOwned(Tags, context.target));
    } catch (error) {
      if (error instanceof Error && /NotFound/.test(error.name)) return false;
      if (error instanceof Error && /AccessDenied/.test(error.name)) return true;
      throw error;
    }
  });
  return there.map((id) => ({ id }));
}
