import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { connect } from "node:tls";
import { X509Certificate } from "node:crypto";
import { clientConfiguration } from "../aws-client";
import { type Backup, type Backups, MOST_BACKUPS } from "./backups";
import { type Known, knownOf } from "./certificates";

/** Milliseconds that anything outside is waited for; this project's choice: a report is not worth more. */
const PATIENCE = 1500;

/** The newest backups in each bucket, asked of AWS with the environment's credentials. Keys end with the time, so order of keys doesn't tell: all are listed. */
export async function readBackups(buckets: readonly string[], region: string): Promise<Backups> {
  const client = new S3Client({ ...clientConfiguration(region), maxAttempts: 1 });
  const read = async (bucket: string): Promise<readonly Backup[] | string> => {
    try {
      const found: Backup[] = [];
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket }, { abortSignal: AbortSignal.timeout(PATIENCE) });
      for await (const { Contents = [] } of pages)
        for (const { Key = "", Size = 0, LastModified = new Date(0) } of Contents)
          found.push({ key: Key, bytes: Size, stored: LastModified });
      return found.sort((one, other) => other.stored.getTime() - one.stored.getTime()).slice(0, MOST_BACKUPS);
    } catch (error) {
      return `AWS doesn't tell: ${error instanceof Error ? error.message || error.name : String(error)}`;
    }
  };
  const found = await Promise.all(buckets.map(async (bucket) => [bucket, await read(bucket)] as const));
  client.destroy();
  return Object.fromEntries(found);
}

/** The certificates that the cluster's API shows to whoever connects; in words, why it shows none. */
export function readApiCertificates(apiUrl: string): Promise<readonly Known[] | string> {
  const { hostname, port } = new URL(apiUrl);
  return new Promise((resolve) => {
    // Which authority signed it is not the question here, and nothing is said to it.
    const socket = connect({
      host: hostname,
      port: Number(port || "443"),
      servername: hostname,
      rejectUnauthorized: false,
      timeout: PATIENCE,
    });
    const failed = (why: string) => {
      socket.destroy();
      resolve(`${hostname}:${port} isn't reached: ${why}`);
    };
    socket.once("timeout", () => {
      failed(`no answer within ${PATIENCE} ms`);
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
