import { type Snapshot } from "@aws-sdk/client-ec2";
import { DescribeFileSystemsCommand, paginateDescribeMountTargets, type Tag as EfsTag } from "@aws-sdk/client-efs";
import { GetBucketTaggingCommand, ListBucketsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { clusterDomainTagKey } from "../../config/tags/fields";
import { collectPages } from "../../lib/aws/pages";
import { reasonOf } from "../../lib/reason";
import type { CleanupClients } from "../../steps/cleanup/clients";
import { keptSnapshots } from "../../steps/cleanup/kinds/compute";
import { type AwsTag, type CleanupContext, ownershipTagKey } from "../../steps/cleanup/resource-kind";
import { taggedArns } from "../../steps/cleanup/tagged";

/** A bucket or a file system of a cluster, which holds data. */
export interface KeptData {
  readonly kind: "bucket" | "file system";
  /** The bucket's name, or the file system's ID. */
  readonly id: string;
  /** Size in bytes; undefined if it could not be read. */
  readonly bytes?: number;
  /** Whether `bytes` is the whole size; false for a bucket with very many objects. */
  readonly counted: boolean;
  readonly created?: Date;
  /** Time at which the newest object was written; undefined for an empty bucket and for a file system. */
  readonly written?: Date;
  /** The reason why the bucket or file system stays although the user wants to delete the data; undefined if it can be deleted. */
  readonly stays?: string;
}

/** The snapshots of volumes in Velero's backups of a cluster. */
export interface BackupSnapshots {
  readonly ids: readonly string[];
  /** Sum of the volumes' sizes in GiB. AWS charges only for the blocks that are used. */
  readonly gib: number;
  readonly oldest?: Date;
  readonly newest?: Date;
}

/** Everything that holds data of a cluster. */
export interface ClusterData {
  readonly items: readonly KeptData[];
  readonly snapshots: BackupSnapshots;
  /** The requests that AWS refused, each with AWS's reason. */
  readonly unread: readonly string[];
}

/** The cluster whose data is listed. The infra ID and the domain are the two tags that this program sets on the cluster's resources. */
export interface DataOwner {
  readonly infraId: string;
  readonly region: string;
  /** `<cluster name>.<base domain>`. */
  readonly clusterDomain: string;
  /** The file system that the configuration names in `efsFileSystemId`. This program never deletes it. */
  readonly namedFileSystem?: string | undefined;
}

/**
 * Maximum number of pages of object versions that are counted. A page has a thousand versions, so the count takes a few seconds. This
 * project's choice.
 */
const COUNTED_PAGES = 50;

/**
 * The buckets and file systems in AWS that this program created for a cluster. A service's resources need no special code, because they
 * have two tags: the cluster's tag with the value `shared`, and the tag with the cluster's domain. Two groups are not listed: resources
 * that the user created have at most the cluster's tag, and resources that the cluster created have the value `owned`. If AWS refuses a
 * request, the results of the other requests are still listed.
 *
 * @param ownMountTargets IDs of the mount targets that a destroy deletes. All others belong to somebody else.
 */
export async function dataOf(
  owner: DataOwner,
  clients: CleanupClients,
  ownMountTargets: ReadonlySet<string> = new Set(),
): Promise<ClusterData> {
  const context = contextOf(owner, clients);
  const unread: string[] = [];
  const read: Read = async (what, question) => {
    try {
      return await question();
    } catch (error) {
      unread.push(`${what}: ${reasonOf(error)}`);
      return undefined;
    }
  };
  const arns = (await read("resources by their tags", () => taggedArns(context, ["shared"]))) ?? [];
  const [buckets, fileSystems, snapshots] = await Promise.all([
    read("buckets", () => bucketsOf(owner, context, arns, read)),
    fileSystemsOf(owner, context, arns, { read, ownMountTargets }),
    read("snapshots of Velero's backups", () => keptSnapshots(context)),
  ]);
  const items = [...(buckets ?? []), ...fileSystems].sort((one, other) => (one.kind + one.id < other.kind + other.id ? -1 : 1));
  return { items, snapshots: summaryOf(snapshots ?? []), unread };
}

/** Sends a request to AWS. If AWS refuses, records the reason in `unread` and returns undefined. */
type Read = <Answer>(what: string, question: () => Promise<Answer>) => Promise<Answer | undefined>;

function summaryOf(snapshots: readonly Snapshot[]): BackupSnapshots {
  const times = snapshots.flatMap(({ StartTime }) => StartTime ?? []).sort((one, other) => one.getTime() - other.getTime());
  const [oldest, newest] = [times.at(0), times.at(-1)];
  return {
    ids: snapshots.map(({ SnapshotId = "" }) => SnapshotId),
    gib: snapshots.reduce((sum, { VolumeSize = 0 }) => sum + VolumeSize, 0),
    ...(oldest && newest && { oldest, newest }),
  };
}

/** The context of the cleanup's functions for a cluster. */
export function contextOf({ infraId, region, clusterDomain }: DataOwner, clients: CleanupClients, signal?: AbortSignal): CleanupContext {
  return { target: { infraId, region, clusterDomain, vpcId: "", zones: [] }, clients, ...(signal && { signal }) };
}

/** Name of the bucket with Velero's backups of a cluster (components/velero-storage.ts). */
export function veleroBucketOf({ infraId }: DataOwner): string {
  return `${infraId}-velero`;
}

/** Whether the tags are the tags that this program sets on the cluster's resources, without the tag of another cluster. */
export function isOwn(tags: readonly AwsTag[], { clusterDomain }: DataOwner, { target }: CleanupContext): boolean {
  const has = (key: string, value: string): boolean => tags.some(({ Key, Value }) => Key === key && Value === value);
  const others = tags.some(({ Key = "" }) => Key.startsWith("kubernetes.io/cluster/") && Key !== ownershipTagKey(target));
  return has(ownershipTagKey(target), "shared") && has(clusterDomainTagKey, clusterDomain) && !others;
}

/** The cluster's buckets. They are found by their tags, and also by their names, because the tagging API lists new buckets with a delay. */
async function bucketsOf(owner: DataOwner, context: CleanupContext, arns: readonly string[], read: Read): Promise<KeptData[]> {
  const { s3 } = context.clients;
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const tagged = arns.flatMap((arn) => /^arn:[^:]+:s3:::([^/]+)$/.exec(arn)?.[1] ?? []);
  const candidates = Buckets.filter(({ Name = "" }) => Name.startsWith(`${owner.infraId}-`) || tagged.includes(Name));
  const found: KeptData[] = [];
  for (const { Name: id = "", CreationDate: created } of candidates) {
    if ((await read(`bucket ${id}`, () => bucketOwnership(id, owner, context))) !== "own") continue;
    const content = (await read(`size of the bucket ${id}`, () => contentOf(id, s3))) ?? { counted: false };
    found.push({ kind: "bucket", id, ...(created && { created }), ...content });
  }
  return found;
}

/** Whether the bucket still exists and has the cluster's tags. */
export async function bucketOwnership(Bucket: string, owner: DataOwner, context: CleanupContext): Promise<"own" | "other" | "gone"> {
  try {
    const { TagSet = [] } = await context.clients.s3.send(new GetBucketTaggingCommand({ Bucket }));
    return isOwn(TagSet, owner, context) ? "own" : "other";
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchTagSet") return "other";
    if (error instanceof Error && error.name === "NoSuchBucket") return "gone";
    throw error;
  }
}

/** The size of a bucket with all versions of its objects, because AWS charges for all versions. */
async function contentOf(Bucket: string, s3: CleanupClients["s3"]): Promise<Pick<KeptData, "bytes" | "counted" | "written">> {
  let bytes = 0;
  let written: Date | undefined;
  let next: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = {};
  for (let page = 1; ; page++) {
    const {
      Versions = [],
      IsTruncated,
      NextKeyMarker,
      NextVersionIdMarker,
    } = await s3.send(new ListObjectVersionsCommand({ Bucket, ...next }));
    for (const { Size = 0, LastModified } of Versions) {
      bytes += Size;
      if (LastModified && (written === undefined || LastModified > written)) written = LastModified;
    }
    if (IsTruncated !== true || page === COUNTED_PAGES) return { bytes, counted: IsTruncated !== true, ...(written && { written }) };
    next = { ...(NextKeyMarker && { KeyMarker: NextKeyMarker }), ...(NextVersionIdMarker && { VersionIdMarker: NextVersionIdMarker }) };
  }
}

async function fileSystemsOf(
  owner: DataOwner,
  context: CleanupContext,
  arns: readonly string[],
  { read, ownMountTargets }: { readonly read: Read; readonly ownMountTargets: ReadonlySet<string> },
): Promise<KeptData[]> {
  const ids = arns.flatMap((arn) => /^arn:[^:]+:elasticfilesystem:[^:]*:[^:]*:file-system\/([^/]+)$/.exec(arn)?.[1] ?? []);
  const found: KeptData[] = [];
  for (const id of ids) {
    const described = await read(`file system ${id}`, () => describeFileSystem(id, context));
    if (described === undefined || !isOwn(described.tags, owner, context)) continue;
    const stays = await read(`mount targets of the file system ${id}`, () => fileSystemUse(id, owner, context, ownMountTargets));
    const { bytes, created } = described;
    found.push({ kind: "file system", id, bytes, counted: true, ...(created && { created }), ...(stays !== undefined && { stays }) });
  }
  return found;
}

/**
 * The reason why a file system must not be deleted; undefined if there is none. The configuration may name it, or somebody else may mount
 * it, such as another cluster that uses it by its ID. Such a use is not visible in the tags. DeleteMountTarget would break all mounts (EFS
 * API Reference, DeleteMountTarget).
 */
export async function fileSystemUse(
  FileSystemId: string,
  { namedFileSystem }: DataOwner,
  { clients }: CleanupContext,
  ownMountTargets: ReadonlySet<string> = new Set(),
): Promise<string | undefined> {
  if (FileSystemId === namedFileSystem) return "efsFileSystemId names it, and this program never deletes such a file system";
  const pages = paginateDescribeMountTargets({ client: clients.efs }, { FileSystemId });
  const targets = (await collectPages(pages, (page) => page.MountTargets)).filter(
    ({ MountTargetId = "", LifeCycleState = "" }) =>
      !["deleting", "deleted"].includes(LifeCycleState) && !ownMountTargets.has(MountTargetId),
  );
  if (targets.length === 0) return undefined;
  const places = targets.map(
    ({ MountTargetId = "", SubnetId = "", VpcId }) => `${MountTargetId} in ${SubnetId}${VpcId ? ` of ${VpcId}` : ""}`,
  );
  return `somebody else uses it through its mount targets: ${places.join(", ")}`;
}

/** The file system; undefined if it does not exist. The tagging API still lists a file system hours after its deletion. */
export async function describeFileSystem(
  FileSystemId: string,
  { clients }: CleanupContext,
): Promise<{ readonly bytes: number; readonly created?: Date; readonly tags: readonly EfsTag[] } | undefined> {
  try {
    const { FileSystems = [] } = await clients.efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
    const [only] = FileSystems.filter(({ LifeCycleState }) => LifeCycleState !== "deleted" && LifeCycleState !== "deleting");
    if ((only as typeof only | undefined) === undefined) return undefined;
    return { bytes: only.SizeInBytes?.Value ?? 0, ...(only.CreationTime && { created: only.CreationTime }), tags: only.Tags ?? [] };
  } catch (error) {
    if (error instanceof Error && error.name === "FileSystemNotFound") return undefined;
    throw error;
  }
}

/** One line: "bucket dev-x7k2q-velero: 1.2 GiB, created 31 days ago, last written 5 hours ago". */
export function dataLine({ kind, id, bytes, counted, created, written, stays }: KeptData, now: Date): string {
  const age = (when: Date | undefined, what: string): string => (when === undefined ? "" : `, ${what} ${ageText(when, now)} ago`);
  const size = bytes === undefined ? "size unknown" : `${counted ? "" : "more than "}${sizeText(bytes)}`;
  const end = stays === undefined ? "" : `; BACKUPS=delete does not delete it: ${stays}`;
  return `${kind} ${id}: ${size}${age(created, "created")}${age(written, "last written")}${end}`;
}

/** One line: "12 EBS snapshots of Velero's backups: volumes of 30 GiB, taken 9 days to 5 hours ago". */
export function snapshotsLine({ ids, gib, oldest, newest }: BackupSnapshots, now: Date): string {
  const range = oldest && newest ? `, taken ${ageText(oldest, now)} to ${ageText(newest, now)} ago` : "";
  return `${ids.length} EBS snapshot${ids.length === 1 ? "" : "s"} of Velero's backups: volumes of ${gib} GiB${range}`;
}

/** A size in binary units, with one decimal from KiB on. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${power === 0 ? String(bytes) : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

function ageText(when: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - when.getTime()) / 60_000));
  const [count, unit] =
    minutes < 120 ? [minutes, "minute"] : minutes < 48 * 60 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
