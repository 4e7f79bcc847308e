import { DescribeFileSystemsCommand, type Tag as EfsTag } from "@aws-sdk/client-efs";
import { GetBucketTaggingCommand, ListBucketsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { clusterDomainTagKey } from "../../config/tags/fields";
import type { CleanupClients } from "../../steps/cleanup/clients";
import { type AwsTag, type CleanupContext, ownershipTagKey } from "../../steps/cleanup/resource-kind";
import { taggedArns } from "../../steps/cleanup/tagged";

/** A bucket or a file system of a cluster, which holds data. */
export interface KeptData {
  readonly kind: "bucket" | "file system";
  /** The bucket's name, or the file system's ID. */
  readonly id: string;
  readonly bytes: number;
  /** Whether `bytes` is the whole size; false for a bucket with very many objects. */
  readonly counted: boolean;
  readonly created?: Date;
  /** When the newest object was written; undefined for an empty bucket and for a file system. */
  readonly written?: Date;
}

/** The cluster whose data is listed, by both of the tags that this program gives to its resources. */
export interface DataOwner {
  readonly infraId: string;
  readonly region: string;
  /** `<cluster name>.<base domain>`. */
  readonly clusterDomain: string;
}

/** Pages of object versions that are counted, with a thousand versions each: a few seconds. This project's choice. */
const COUNTED_PAGES = 50;

/**
 * The buckets and file systems in AWS that this program created for a cluster. Services need no code here: their resources have the cluster's
 * tag and the tag with its domain. A resource that the user created has at most the first, and one that the cluster created has the value
 * `owned`, so neither is listed.
 */
export async function dataOf(owner: DataOwner, clients: CleanupClients): Promise<readonly KeptData[]> {
  const context = contextOf(owner, clients);
  const arns = await taggedArns(context, ["shared"]);
  const [buckets, fileSystems] = await Promise.all([bucketsOf(owner, context, arns), fileSystemsOf(owner, context, arns)]);
  return [...buckets, ...fileSystems].sort((one, other) => (one.kind + one.id < other.kind + other.id ? -1 : 1));
}

/** The context of the cleanup's functions for a cluster. */
export function contextOf({ infraId, region, clusterDomain }: DataOwner, clients: CleanupClients): CleanupContext {
  return { target: { infraId, region, clusterDomain, vpcId: "", zones: [] }, clients };
}

/** Whether the tags are those that this program gives to the cluster's resources. */
export function isOwn(tags: readonly AwsTag[], { clusterDomain }: DataOwner, { target }: CleanupContext): boolean {
  const has = (key: string, value: string): boolean => tags.some(({ Key, Value }) => Key === key && Value === value);
  return has(ownershipTagKey(target), "shared") && has(clusterDomainTagKey, clusterDomain);
}

/** Buckets by their names, because the tagging API lags behind, and by their tags. */
async function bucketsOf(owner: DataOwner, context: CleanupContext, arns: readonly string[]): Promise<KeptData[]> {
  const { s3 } = context.clients;
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const tagged = arns.flatMap((arn) => /^arn:[^:]+:s3:::([^/]+)$/.exec(arn)?.[1] ?? []);
  const candidates = Buckets.filter(({ Name = "" }) => Name.startsWith(`${owner.infraId}-`) || tagged.includes(Name));
  const found: KeptData[] = [];
  for (const { Name: id = "", CreationDate: created } of candidates) {
    if (!(await isOwnBucket(id, owner, context))) continue;
    found.push({ kind: "bucket", id, ...(created && { created }), ...(await contentOf(id, s3)) });
  }
  return found;
}

/** Whether the bucket still exists and has the cluster's tags. */
export async function isOwnBucket(Bucket: string, owner: DataOwner, context: CleanupContext): Promise<boolean> {
  try {
    const { TagSet = [] } = await context.clients.s3.send(new GetBucketTaggingCommand({ Bucket }));
    return isOwn(TagSet, owner, context);
  } catch (error) {
    if (error instanceof Error && ["NoSuchTagSet", "NoSuchBucket"].includes(error.name)) return false;
    throw error;
  }
}

/** The size of a bucket with all versions, for which AWS charges, too. */
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

async function fileSystemsOf(owner: DataOwner, context: CleanupContext, arns: readonly string[]): Promise<KeptData[]> {
  const ids = arns.flatMap((arn) => /^arn:[^:]+:elasticfilesystem:[^:]*:[^:]*:file-system\/([^/]+)$/.exec(arn)?.[1] ?? []);
  const found: KeptData[] = [];
  for (const id of ids) {
    const described = await describeFileSystem(id, context);
    if (described === undefined || !isOwn(described.tags, owner, context)) continue;
    const { bytes, created } = described;
    found.push({ kind: "file system", id, bytes, counted: true, ...(created && { created }) });
  }
  return found;
}

/** A file system that exists; undefined otherwise. The tagging API lists deleted ones for hours. */
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
export function dataLine({ kind, id, bytes, counted, created, written }: KeptData, now: Date): string {
  const age = (when: Date | undefined, what: string): string => (when === undefined ? "" : `, ${what} ${ageText(when, now)} ago`);
  return `${kind} ${id}: ${counted ? "" : "more than "}${sizeText(bytes)}${age(created, "created")}${age(written, "last written")}`;
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
