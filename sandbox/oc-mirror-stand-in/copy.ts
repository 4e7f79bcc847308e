import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { makeScratchDirectory } from "../../lib/scratch-directory";
import { type ImageReference } from "./reference";

/** A source of images: registries, or an archive. */
export interface Source {
  manifest(reference: ImageReference): Promise<{ readonly bytes: Buffer; readonly type: string }>;
  blob(reference: ImageReference, digest: string): Promise<Buffer>;
}

/** A destination of images: a registry, or an archive. */
export interface Destination {
  /** @param place repository and tag at the destination */
  put(place: { readonly repository: string; readonly tag: string }, image: CompleteImage): Promise<void>;
}

/** A complete image. */
export interface CompleteImage {
  readonly reference: ImageReference;
  readonly digest: string;
  readonly manifest: Buffer;
  readonly type: string;
  readonly blobs: readonly { readonly digest: string; readonly bytes: Buffer }[];
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

export function blobDigest(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Creates an image with one layer. */
export function imageOf(reference: ImageReference, layer: Buffer): CompleteImage {
  const type = "application/vnd.oci.image.manifest.v1+json";
  const settings = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } }));
  const part = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: blobDigest(bytes), size: bytes.length });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: part("application/vnd.oci.image.config.v1+json", settings),
      layers: [part("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
    }),
  );
  const blobs = [settings, layer].map((bytes) => ({ digest: blobDigest(bytes), bytes }));
  return { reference, digest: blobDigest(manifest), manifest, type, blobs };
}

/** @throws Error if a part of the image is missing or does not match its digest */
export async function readImage(source: Source, reference: ImageReference): Promise<CompleteImage> {
  const { bytes, type } = await source.manifest(reference);
  const digest = blobDigest(bytes);
  if (reference.digest !== undefined && reference.digest !== digest)
    throw new Error(`${reference.repository}@${reference.digest} has the digest ${digest}`);
  const { config, layers } = JSON.parse(bytes.toString("utf8")) as Manifest;
  const blobs = [];
  for (const part of new Set([config.digest, ...layers.map((layer) => layer.digest)])) {
    const content = await source.blob(reference, part);
    if (blobDigest(content) !== part)
      throw new Error(`the blob ${part} of ${reference.repository} has the digest ${blobDigest(content)} instead`);
    blobs.push({ digest: part, bytes: content });
  }
  return { reference, digest, manifest: bytes, type, blobs };
}

/** One of the images of a release. */
export interface Component {
  readonly name: string;
  readonly image: string;
}

/** The content of a release image: its version, and the images that it names. */
export interface ReleaseContent {
  readonly version: string;
  readonly components: readonly Component[];
}

const imageReferences = "release-manifests/image-references";

/** @throws Error if the image is not a release image */
export function contentOf({ manifest, blobs, reference }: CompleteImage): ReleaseContent {
  const { layers } = JSON.parse(manifest.toString("utf8")) as Manifest;
  const directory = makeScratchDirectory("release");
  try {
    for (const { digest } of layers) {
      const file = join(directory, "layer.tar.gz");
      writeFileSync(file, blobs.find((blob) => blob.digest === digest)?.bytes ?? Buffer.alloc(0));
      extract({ file, cwd: directory, sync: true }, [imageReferences]);
    }
    const stream = JSON.parse(readFileSync(join(directory, imageReferences), "utf8")) as {
      metadata: { name: string };
      spec: { tags: { name: string; from: { name: string } }[] };
    };
    return { version: stream.metadata.name, components: stream.spec.tags.map(({ name, from }) => ({ name, image: from.name })) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`${reference.host}/${reference.repository} is not a release image: it has no ${imageReferences}`);
  }
}
