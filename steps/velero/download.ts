import { randomBytes } from "node:crypto";
import { request } from "node:https";
import { gunzipSync } from "node:zlib";
import { ProxyAgent } from "proxy-agent";
import { VELERO_API } from "../../cluster-objects/velero/names";
import type { Clock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { reasonOf } from "../../lib/reason";
import { withTimeLimit } from "../../lib/time-limit";
import { type VeleroName, veleroPath } from "./api";

/**
 * The kinds of files that Velero stores with a backup or a restore (vmware-tanzu/velero, `pkg/apis/velero/v1/download_request_types.go`, v1.18.3).
 */
export type StoredKind = "BackupResults" | "RestoreResults" | "BackupVolumeInfos" | "BackupResourceList";

interface DownloadRequest {
  readonly status?: { readonly downloadURL?: string };
}

/** Seconds until Velero has answered, and milliseconds between two questions. */
const ANSWER_SECONDS = 60;
const PAUSE_MS = 500;

/** Maximum size of the answer in bytes; this project's choice. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * Reads a document that Velero has stored in the bucket: Velero signs a URL for it (vmware-tanzu/velero,
 * `pkg/cmd/util/downloadrequest/downloadrequest.go`, v1.18.3).
 *
 * @returns a text that says why it can't be read, instead of the document, if the bucket or Velero does not answer
 */
export async function readStored(
  kind: StoredKind,
  { name, namespace }: VeleroName,
  client: Pick<ClusterClient, "get" | "send" | "delete">,
  clock: Clock,
): Promise<{ readonly document: unknown } | { readonly unread: string }> {
  const asked = `okd-aws-${randomBytes(6).toString("hex")}`;
  const metadata = { name: asked, namespace };
  const spec = { target: { kind, name } };
  try {
    await client.send("POST", veleroPath(namespace, "downloadrequests"), {
      apiVersion: VELERO_API,
      kind: "DownloadRequest",
      metadata,
      spec,
    });
    const url = await signedUrl(client, metadata, clock);
    return { document: JSON.parse(gunzipSync(await download(url)).toString("utf8")) as unknown };
  } catch (error) {
    return { unread: reasonOf(error) };
  } finally {
    await client.delete(veleroPath(namespace, "downloadrequests", asked)).catch(() => undefined); // Velero itself deletes it after ten minutes.
  }
}

async function signedUrl(client: Pick<ClusterClient, "get">, { name, namespace }: VeleroName, clock: Clock): Promise<string> {
  for (const deadline = clock.now() + ANSWER_SECONDS * 1000; clock.now() < deadline;) {
    const url = (await client.get<DownloadRequest>(veleroPath(namespace, "downloadrequests", name)))?.status?.downloadURL;
    if (url !== undefined && url !== "") return url;
    await clock.pause(PAUSE_MS);
  }
  throw new Error(`Velero has not answered within ${ANSWER_SECONDS} s`);
}

function download(url: string): Promise<Buffer> {
  return withTimeLimit(
    (signal) =>
      new Promise((resolve, reject) => {
        request(new URL(url), { agent: new ProxyAgent(), signal, headers: { connection: "close" } }, (response) => {
          const parts: Buffer[] = [];
          let size = 0;
          response.on("data", (part: Buffer) => {
            size += part.length;
            if (size > MAX_BYTES) response.destroy(new Error(`the results have more than ${MAX_BYTES} bytes`));
            else parts.push(part);
          });
          response.on("error", reject);
          response.on("end", () => {
            // The URL holds a signature, so no message shows it.
            if (response.statusCode === 200) resolve(Buffer.concat(parts));
            else reject(new Error(`S3 answered ${response.statusCode ?? 0}`));
            response.socket.destroy();
          });
        })
          .on("error", reject)
          .end();
      }),
  );
}
