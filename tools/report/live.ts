import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { connect } from "node:tls";
import { X509Certificate } from "node:crypto";
import { clientConfiguration } from "../../lib/aws/client";
import { collectPages } from "../../lib/aws/pages";
import { type Backup, type BucketWithBackups, type Backups, isBackup, MAX_BACKUPS } from "./backups";
import { type KnownCertificate, knownOf } from "./certificates";

/** Maximum time to wait for AWS or the cluster's API, in milliseconds. This project's choice: a report must not take long. */
const ANSWER_TIMEOUT_MS = 1500;

/**
 * Reads the newest backups in each bucket, with the environment's credentials. All objects are listed, because the keys are not in the
 * order of time.
 */
export async function readBackups(buckets: readonly BucketWithBackups[], region: string): Promise<Backups> {
  const client = new S3Client({ ...clientConfiguration(region), maxAttempts: 1 });
  const read = async ({ name, of }: BucketWithBackups): Promise<readonly Backup[] | string> => {
    try {
      const pages = paginateListObjectsV2({ client }, { Bucket: name }, { abortSignal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      const found = await collectPages(pages, ({ Contents = [] }) =>
        Contents.map(({ Key = "", Size = 0, LastModified = new Date(0) }): Backup => ({ key: Key, bytes: Size, stored: LastModified })),
      );
      return found
        .filter(({ key }) => isBackup(of, key))
        .sort((one, other) => other.stored.getTime() - one.stored.getTime())
        .slice(0, MAX_BACKUPS);
    } catch (error) {
      return `reading failed: ${error instanceof Error ? error.message || error.name : String(error)}`;
    }
  };
  const found = await Promise.all(buckets.map(async (bucket) => [bucket.name, await read(bucket)] as const));
  client.destroy();
  return Object.fromEntries(found);
}

/** The server certificate of the cluster's API, or the reason why it could not be read. */
export function readApiCertificates(apiUrl: string): Promise<readonly KnownCertificate[] | string> {
  const { hostname, port } = new URL(apiUrl);
  return new Promise((resolve) => {
    // The certificate is not verified: the function only reads it, and sends no data.
    const socket = connect({
      host: hostname,
      port: Number(port || "443"),
      servername: hostname,
      rejectUnauthorized: false,
      timeout: ANSWER_TIMEOUT_MS,
    });
    const failed = (why: string) => {
      socket.destroy();
      resolve(`${hostname}:${port} can't be reached: ${why}`);
    };
    socket.once("timeout", () => {
      failed(`no answer within ${ANSWER_TIMEOUT_MS} ms`);
    });
    socket.once("error", (error: Error) => {
      failed(error.message);
    });
    socket.once("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve([knownOf(new X509Certificate(raw), `${hostname}:${port}`)]);
    });
  });
}
