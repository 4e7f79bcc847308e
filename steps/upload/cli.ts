import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfiguration } from "../../lib/aws/client";
import { runWithJsonRequest } from "../../lib/run-main";

/** The request of `PrivateBucket.putFile`. */
export interface UploadRequest {
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  /** Path relative to the project's root. */
  readonly path: string;
}

runWithJsonRequest(async (given) => {
  const { region, bucket, key, path } = given as UploadRequest;
  const Body = await readFile(path);
  await new S3Client(clientConfiguration(region)).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
});
