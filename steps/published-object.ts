import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { maxPublishedBytes } from "../ignition/mirror/published-files";
import type { Clock } from "../lib/clock";

/** An S3 object in which the installer host publishes its state. */
export interface PublishedObject {
  readonly bucket: string;
  readonly key: string;
}

/** Parameters of a wait until the installer host has published an object. */
export interface WaitContext {
  /** Reads the object's text; undefined while there is no object. */
  readonly read: () => Promise<string | undefined>;
  /** Called with each progress message. */
  readonly say: (line: string) => void;
  /** Milliseconds between two readings. */
  readonly interval: number;
  readonly clock?: Clock;
}

/**
 * Reads the object's text from S3; undefined while there is no object.
 *
 * @throws Error if the object is larger than anything that the installer host publishes
 */
export async function readPublished(client: S3Client, { bucket, key }: PublishedObject): Promise<string | undefined> {
  try {
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (ContentLength > maxPublishedBytes) throw new Error(tooLarge(`s3://${bucket}/${key}`, ContentLength));
    return await Body?.transformToString();
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

function tooLarge(url: string, bytes: number): string {
  return `${url} has ${bytes} bytes, more than the installer host publishes (${maxPublishedBytes / 1024 ** 2} MiB at most). Find out who wrote it.`;
}
