import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { filterBy } from "../batches";
import { isOwned, type ResourceKind, type CleanupTarget } from "../resource-kind";
import { taggedArns } from "../tagged";

/** Buckets, such as the image registry's: emptied of every version, then deleted. */
export const buckets: ResourceKind = {
  name: "buckets",
  arns: /^arn:[^:]+:s3:::/,
  async list({ target, clients }) {
    // Finds the cluster's buckets by the names that its operators use, because the tagging API lags behind. Finds buckets with other names by their
    // tag.
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
    const named = Buckets.map(({ Name = "" }) => Name).filter((name) => name.startsWith(`${target.infraId}-`));
    const tagged = (await taggedArns({ target, clients })).flatMap((arn) => /^arn:[^:]+:s3:::([^/]+)$/.exec(arn)?.[1] ?? []);
    const owned = await filterBy([...new Set([...named, ...tagged])], (name) => isOwnedBucket(name, target, clients.s3));
    return owned.map((id) => ({ id }));
  },
  async remove({ id }, { clients: { s3 }, signal }) {
    await empty(id, s3, signal);
    await s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
};

async function isOwnedBucket(Bucket: string, target: CleanupTarget, s3: S3Client): Promise<boolean> {
  try {
    return isOwned((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, target);
  } catch (error) {
    if (error instanceof Error && ["NoSuchTagSet", "NoSuchBucket"].includes(error.name)) return false;
    throw error;
  }
}

async function empty(Bucket: string, s3: S3Client, signal?: AbortSignal): Promise<void> {
  for (;;) {
    if (signal?.aborted === true) throw new Error(`the emptying of ${Bucket} was cancelled`);
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) throw new Error(`${Errors[0].Key ?? ""} can't be deleted from ${Bucket}: ${Errors[0].Message ?? ""}`);
  }
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
}
