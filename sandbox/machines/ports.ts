import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { GetObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import type { BootContext } from "./boot";
import { clientsOf } from "./reading/clients";

/** Reads objects from a region's buckets. */
export function s3Getter(region: string): BootContext["s3Get"] {
  const { s3: client } = clientsOf(region);
  return async (bucket, key) => {
    try {
      return await (await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString();
    } catch (error) {
      if (error instanceof S3ServiceException && ["NoSuchKey", "NoSuchBucket"].includes(error.name)) return undefined;
      throw error;
    }
  };
}

/** Runs the real validator, given by its path. The config is passed on standard input, because it contains secrets. */
export function ignitionValidator(program: string): BootContext["validate"] {
  return async (config) => {
    const child = spawn(program, ["-"], { stdio: ["pipe", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    // A validator that has found an error closes its standard input early, so the write can fail with EPIPE, which is not an error.
    child.stdin.on("error", () => undefined);
    child.stdin.end(config);
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return code === 0 ? undefined : `${out}${err}`.trim().replaceAll("\n", "; ");
  };
}
