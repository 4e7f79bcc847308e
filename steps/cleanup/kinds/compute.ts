import {
  DeleteNetworkInterfaceCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DisassociateAddressCommand,
  DescribeAddressesCommand,
  paginateDescribeInstances,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  ReleaseAddressCommand,
  type Snapshot,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { BACKUP_TAG } from "../../../cluster-objects/velero/names";
import { type CleanupContext, type ClusterResource, type ResourceKind, ownedFilter, vpcFilter } from "../resource-kind";
import { collectPages } from "../../../lib/aws/pages";

/** Instances that the cluster's MachineSets created. */
export const instances: ResourceKind<ClusterResource & { readonly ending: boolean }> = {
  name: "instances",
  arns: /^arn:[^:]+:ec2:.*:instance\//,
  async list({ target, clients: { ec2: client } }) {
    const states = { Name: "instance-state-name", Values: ["pending", "running", "shutting-down", "stopping", "stopped"] };
    const found = await collectPages(
      paginateDescribeInstances({ client }, { Filters: [ownedFilter(target), vpcFilter(target), states] }),
      ({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances),
    );
    return found.map(({ InstanceId = "", State }) => ({ id: InstanceId, ending: State?.Name === "shutting-down" }));
  },
  async remove({ id, ending }, { clients }) {
    if (!ending) await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  },
};

/**
 * Network interfaces. The cleanup deletes those that are not attached (status `available`); AWS deletes an attached network interface with the
 * resource to which it is attached.
 */
export const networkInterfaces: ResourceKind<ClusterResource & { readonly free: boolean }> = {
  name: "network interfaces",
  arns: /^arn:[^:]+:ec2:.*:network-interface\//,
  async list({ target, clients: { ec2: client } }) {
    const filters = { Filters: [ownedFilter(target), vpcFilter(target)] };
    const found = await collectPages(paginateDescribeNetworkInterfaces({ client }, filters), (page) => page.NetworkInterfaces);
    return found.map(({ NetworkInterfaceId = "", Status }) => ({ id: NetworkInterfaceId, free: Status === "available" }));
  },
  async remove({ id, free }, { clients }) {
    if (free) await clients.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
  },
};

/** Elastic IP addresses, for example of load balancers with fixed addresses. */
export const addresses: ResourceKind<ClusterResource & { readonly associationId?: string | undefined }> = {
  name: "Elastic IP addresses",
  arns: /^arn:[^:]+:ec2:.*:elastic-ip\//,
  async list({ target, clients }) {
    const { Addresses = [] } = await clients.ec2.send(new DescribeAddressesCommand({ Filters: [ownedFilter(target)] }));
    return Addresses.map(({ AllocationId = "", AssociationId }) => ({ id: AllocationId, associationId: AssociationId }));
  },
  async remove({ id, associationId }, { clients: { ec2 } }) {
    if (associationId !== undefined) await ec2.send(new DisassociateAddressCommand({ AssociationId: associationId }));
    await ec2.send(new ReleaseAddressCommand({ AllocationId: id }));
  },
};

/** Persistent volumes, and disks of terminated instances. */
export const volumes: ResourceKind<ClusterResource & { readonly going: boolean }> = {
  name: "volumes",
  arns: /^arn:[^:]+:ec2:.*:volume\//,
  async list({ target, clients: { ec2: client } }) {
    const found = await collectPages(paginateDescribeVolumes({ client }, { Filters: [ownedFilter(target)] }), (page) => page.Volumes);
    return found.map(({ VolumeId = "", State }) => ({ id: VolumeId, going: State === "deleting" }));
  },
  async remove({ id, going }, { clients }) {
    if (!going) await clients.ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
  },
};

/** Snapshots that the storage driver took, except {@link keptSnapshots}. */
export const snapshots: ResourceKind = {
  name: "snapshots",
  arns: /^arn:[^:]+:ec2:.*:snapshot\//,
  async list(context) {
    return (await ownedSnapshots(context))
      .filter((snapshot) => !isKept(snapshot, context))
      .map(({ SnapshotId = "" }) => ({ id: SnapshotId }));
  },
  async remove({ id }, { clients }) {
    await clients.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
  },
};

/** The snapshots that stay, because Velero's backups of the cluster stay. */
export async function keptSnapshots(context: CleanupContext): Promise<readonly Snapshot[]> {
  return (await ownedSnapshots(context)).filter((snapshot) => isKept(snapshot, context));
}

async function ownedSnapshots({ target, clients: { ec2: client } }: CleanupContext): Promise<Snapshot[]> {
  const pages = paginateDescribeSnapshots({ client }, { OwnerIds: ["self"], Filters: [ownedFilter(target)] });
  return collectPages(pages, (page) => page.Snapshots);
}

function isKept({ Tags = [] }: Snapshot, { target }: CleanupContext): boolean {
  return target.deleteBackups !== true && Tags.some(({ Key, Value }) => Key === BACKUP_TAG.key && Value === BACKUP_TAG.value);
}
