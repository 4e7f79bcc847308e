import type { Clock } from "./clock";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** An object in which the installer host publishes something of itself. */
export interface PublishedObject {
  readonly bucket: string;
  readonly key: string;
}

/** What a wait for such an object is given. */
export interface Surroundings {
  /** What is published; undefined while nothing is. */
  readonly read: () => Promise<string | undefined>;
  /** Tells of progress. */
  readonly say: (line: string) => void;
  /** Milliseconds between two looks. */
  readonly interval: number;
  readonly clock?: Clock;
}

/** Its text as it stands in S3; undefined while there is none. */
export async function readPublished(client: S3Client, { bucket, key }: PublishedObject): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}
