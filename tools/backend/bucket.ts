import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketTaggingCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  type Tag,
} from "@aws-sdk/client-s3";
import { accountHasBucket } from "../../lib/aws/account-bucket";
import { LAYOUT_FILE, layoutKey } from "./policy";
import type { BackendRequest } from "./request";

/** Tag of a bucket or key that was created or adopted as a backend; its value is the backend's name. */
export const ownTag = "okd-aws/backend";

type BucketRequest = Omit<BackendRequest, "stacks">;

/**
 * Creates the bucket, or uses an existing bucket: the bucket of an earlier run, or an empty bucket; with `adopt` any bucket of this
 * account.
 *
 * @throws Error if the bucket belongs to another account, or is neither empty nor tagged as this backend
 */
export async function makeBucket(s3: S3Client, request: BucketRequest, say: (text: string) => void): Promise<void> {
  const { region, accountId, bucket, adopt } = request;
  if (!(await accountHasBucket(s3, request, "choose another name"))) {
    // us-east-1 is not a valid location constraint (S3, CreateBucket).
    const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
    say(`the bucket ${bucket} was created`);
  }
  const own = { Bucket: bucket, ExpectedBucketOwner: accountId };
  const tags = await tagsOf(s3, own);
  if (tags.some(({ Key, Value }) => Key === ownTag && Value === bucket)) return;
  if (!adopt && !(await isEmpty(s3, own)))
    throw new Error(
      `the bucket ${bucket} of this account is not empty and has no tag ${ownTag}=${bucket}: its policy, encryption and lifecycle rules would be ` +
        "replaced. Choose another name, or add ADOPT=1 (--adopt) if the states are to be in this bucket",
    );
  // S3 replaces all tags of a bucket at once, so the other tags are written again (S3, PutBucketTagging).
  const others = tags.filter(({ Key }) => Key !== ownTag);
  await s3.send(new PutBucketTaggingCommand({ ...own, Tagging: { TagSet: [...others, { Key: ownTag, Value: bucket }] } }));
}

/**
 * Writes Pulumi's layout file if the bucket has no states yet: a stack's role may not write the layout file, because the file applies to
 * all stacks.
 */
export async function makeLayout(s3: S3Client, own: Owned): Promise<void> {
  const { KeyCount = 0 } = await s3.send(new ListObjectsV2Command({ ...own, Prefix: ".pulumi/", MaxKeys: 1 }));
  if (KeyCount === 0) await s3.send(new PutObjectCommand({ ...own, Key: layoutKey, Body: LAYOUT_FILE }));
}

interface Owned {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

async function tagsOf(s3: S3Client, own: Owned): Promise<readonly Tag[]> {
  try {
    return (await s3.send(new GetBucketTaggingCommand(own))).TagSet ?? [];
  } catch (error) {
    // For a bucket without tags S3 returns an error (S3, GetBucketTagging).
    if (error instanceof S3ServiceException && error.name === "NoSuchTagSet") return [];
    throw error;
  }
}

/** Whether a bucket is empty; former versions and delete markers count as content. */
async function isEmpty(s3: S3Client, own: Owned): Promise<boolean> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ ...own, MaxKeys: 1 }));
  return Versions.length + DeleteMarkers.length === 0;
}
