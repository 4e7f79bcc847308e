import { HeadBucketCommand, NotFound, type S3Client } from "@aws-sdk/client-s3";

/** A bucket, and the account that has to own it. */
export interface AccountBucket {
  readonly bucket: string;
  readonly accountId: string;
}

/**
 * Whether a bucket exists in an account. Bucket names are unique among all accounts, so another account may own a bucket with this name.
 *
 * @param fix the end of the error's message: the fix if S3 denies the request
 * @throws Error if S3 denies the request. S3 answers 403 if another account owns the bucket, and also if the credentials may not read it (S3
 *   user guide, "Verifying bucket ownership with bucket owner condition")
 */
export async function accountHasBucket(s3: S3Client, { bucket, accountId }: AccountBucket, fix: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: accountId }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 403)
      throw new Error(`the bucket ${bucket} belongs to another account, or these credentials may not read it: ${fix}`, { cause: error });
    throw error;
  }
}
