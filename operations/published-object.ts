import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { mostPublishedBytes } from "../ignition/mirror/published-files";
import type { Clock } from "./clock";

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

/**
 * Its text as it stands in S3; undefined while there is none.
 *
 * @throws Error when it is larger than anything that the host publishes
 */
export async function readPublished(client: S3Client, { bucket, key }: PublishedObject): Promise<string | undefined> {
  try {
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (ContentLength > mostPublishedBytes) throw new Error(tooLarge(`s3://${bucket}/${key}`, ContentLength));
    return await Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

function tooLarge(url: string, bytes: number): string {
  return `${url} has ${bytes} bytes, more than the installer host publishes (${mostPublishedBytes / 1024 ** 2} MiB at most). Find out who wrote it.`;
}
