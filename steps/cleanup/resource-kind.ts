import type { CleanupClients } from "./clients";

/** The cluster to clean up, and where its resources are. */
export interface CleanupTarget {
  /** The cluster's infraID: every resource that the cluster created has the tag `kubernetes.io/cluster/<infraId>=owned`. */
  readonly infraId: string;
  readonly region: string;
  /** The cluster's VPC: security groups, load balancers and network interfaces in other VPCs are not deleted, whatever their tags are. */
  readonly vpcId: string;
  /** `<cluster name>.<base domain>`. */
  readonly clusterDomain: string;
  /** Hosted zones in which the cluster writes `*.apps`. */
  readonly zones: readonly {
    readonly id: string;
    /** Role to assume, if the zone belongs to another account. */
    readonly roleArn?: string | undefined;
  }[];
  /**
   * Whether the snapshots of Velero's backups are deleted as well. @default false, because the snapshots belong to backups in a bucket that stays
   */
  readonly deleteBackups?: boolean;
}

/** The cluster and the AWS clients for the cleanup. */
export interface CleanupContext {
  readonly target: CleanupTarget;
  readonly clients: CleanupClients;
  /** If aborted, the emptying of a bucket ends before its next page of objects. @default never */
  readonly signal?: AbortSignal;
}

/** A resource that the cluster created. */
export interface ClusterResource {
  /** ID in AWS. */
  readonly id: string;
}

/** A kind of resource that a cluster creates at run time. */
export interface ResourceKind<Thing extends ClusterResource = ClusterResource> {
  /** Name in the plural, for messages. */
  readonly name: string;
  /**
   * ARNs of this kind. Of these, only the resources that `list` returns are deleted or reported, because the tagging API lists resources for hours
   * after their deletion.
   */
  readonly arns: RegExp;
  /** All existing resources of this kind that are tagged as `owned` by this cluster. */
  list(context: CleanupContext): Promise<Thing[]>;
  /** Requests the deletion. While the resource still exists, it is listed and deleted again. */
  remove(thing: Thing, context: CleanupContext): Promise<void>;
}

/** A tag, in the services' spelling. */
export interface AwsTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Key of the tag of resources that the cluster owns or uses. */
export function ownershipTagKey({ infraId }: CleanupTarget): string {
  return `kubernetes.io/cluster/${infraId}`;
}

/** Whether the cluster created the resource. The value `shared` means that this program or the user created it. */
export function isOwned(tags: readonly AwsTag[] | undefined, target: CleanupTarget): boolean {
  return tags?.some(({ Key, Value }) => Key === ownershipTagKey(target) && Value === "owned") ?? false;
}

/** EC2's filter for the resources that the cluster owns. */
export function ownedFilter(target: CleanupTarget): { Name: string; Values: string[] } {
  return { Name: `tag:${ownershipTagKey(target)}`, Values: ["owned"] };
}

/** EC2's filter for the cluster's network. */
export function vpcFilter({ vpcId }: CleanupTarget): { Name: string; Values: string[] } {
  return { Name: "vpc-id", Values: [vpcId] };
}
