import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Media types (opencontainers/image-spec, `manifest.md`, `config.md` and `layer.md`, main). */
const TYPES = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
} as const;

/** A container image that is assembled from directories of this computer. */
export interface LocalImage {
  /** Repository in the registry. */
  readonly name: string;
  /** Directories with the files of the layers, the lowest first. Files without their directory: `file` in `directory`. */
  readonly layers: readonly { readonly directory: string; readonly file?: string }[];
  /** The image's configuration: the numeric user, the entry point and the variables. */
  readonly config: { readonly User?: string; readonly Entrypoint: readonly string[]; readonly Env?: readonly string[] };
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Assembles an image and pushes it to a registry without TLS. The layers are not compressed, and the same files make the same digest.
 *
 * @param registry `<address>:<port>`
 * @param scratch an existing directory for the layers' archives
 * @returns the image's reference with its digest
 * @throws Error if `tar` fails or the registry refuses a part
 */
export async function pushImage(image: LocalImage, registry: string, scratch: string): Promise<string> {
  const directory = join(scratch, `image-${randomUUID()}`);
  await mkdir(directory, { mode: 0o700 });
  try {
    const layers: Descriptor[] = [];
    for (const [index, layer] of image.layers.entries()) {
      const archive = join(directory, `${index}.tar`);
      await pack(layer, archive);
      const descriptor = { mediaType: TYPES.layer, digest: await digestOf(archive), size: statSync(archive).size };
      await pushBlob(registry, image.name, descriptor, archive);
      layers.push(descriptor);
    }
    const config = await pushText(registry, image.name, {
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      config: image.config,
      // A layer that is not compressed has the same digest as its content.
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    });
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: TYPES.manifest, config, layers });
    const digest = digestOfText(manifest);
    await send(registry, "PUT", `/v2/${image.name}/manifests/${digest}`, manifest, TYPES.manifest);
    return `${registry}/${image.name}@${digest}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Whether a registry answers. */
export function registryAnswers(registry: string): Promise<boolean> {
  return send(registry, "GET", "/v2/").then(
    () => true,
    () => false,
  );
}

/** Packs the files with the owner 0:0 and a fixed time, in a fixed order. */
async function pack({ directory, file = "." }: LocalImage["layers"][number], archive: string): Promise<void> {
  const fixed = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--format=gnu"];
  await run("tar", [...fixed, "-cf", archive, "-C", directory, file]);
}

async function pushText(registry: string, name: string, content: object): Promise<Descriptor> {
  const text = JSON.stringify(content);
  const descriptor = { mediaType: TYPES.config, digest: digestOfText(text), size: Buffer.byteLength(text) };
  await pushBlob(registry, name, descriptor, undefined, text);
  return descriptor;
}

/** Uploads a blob in one piece (opencontainers/distribution-spec, `spec.md`, main: "POST then PUT"). */
async function pushBlob(registry: string, name: string, { digest, size }: Descriptor, file?: string, text?: string): Promise<void> {
  const { location = "" } = await send(registry, "POST", `/v2/${name}/blobs/uploads/`);
  const target = new URL(location, `http://${registry}`);
  target.searchParams.set("digest", digest);
  const path = `${target.pathname}${target.search}`;
  await send(registry, "PUT", path, file === undefined ? text : { file, size }, "application/octet-stream");
}

/** Connects to the registry itself, whatever proxy the environment names. */
const direct = new Agent();

/** Sends a request, without the proxy of the environment. @throws Error with the registry's answer for a status of 400 or above */
function send(
  registry: string,
  method: string,
  path: string,
  body: string | { readonly file: string; readonly size: number } = "",
  type?: string,
): Promise<{ readonly location?: string }> {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.size;
  return new Promise((resolve, reject) => {
    const headers = { "Content-Length": length, ...(type !== undefined && { "Content-Type": type }) };
    const outgoing = request(`http://${registry}${path}`, { method, headers, agent: direct }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("error", reject).on("end", () => {
        const status = answer.statusCode ?? 0;
        if (status < 400) resolve({ location: answer.headers.location });
        else reject(new Error(`the registry ${registry} answered ${status} to ${method} ${path}: ${text.slice(0, 300)}`));
      });
    });
    outgoing.on("error", reject);
    if (typeof body === "string") outgoing.end(body);
    else pipeline(createReadStream(body.file), outgoing).catch(reject);
  });
}

async function digestOf(file: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const chunk of createReadStream(file)) sum.update(chunk as Buffer);
  return `sha256:${sum.digest("hex")}`;
}

function digestOfText(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
