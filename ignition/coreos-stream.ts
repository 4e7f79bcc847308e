import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { bootImages } from "../config/releases/facts";
import { minorNamed } from "../config/releases/minor";
import { releasedRows } from "../config/releases/table";
import { minorOf } from "../config/releases/version";

/** The part of CoreOS' stream metadata that is read here (coreos/stream-metadata-go, `stream/stream.go`). */
interface StreamMetadata {
  readonly architectures?: Readonly<
    Record<
      string,
      { readonly images?: { readonly aws?: { readonly regions?: Readonly<Partial<Record<string, { readonly image?: string }>>> } } }
    >
  >;
}

const COREOS_NAMES = { amd64: "x86_64", arm64: "aarch64" } as const;

/** What decides where a release's images are. */
type ImageQuestion = Pick<Configuration, "distribution" | "release" | "region">;

/**
 * Whether the release publishes an image in the region. This is known without the installer, so that a preview shows whether a copy is made; `streamImage` then
 * compares it with what the installer says.
 */
export function publishesImageIn({ distribution, release, region }: ImageQuestion): boolean {
  return bootImages(distribution, minorOf(release)).value.regions.includes(region);
}

/** Whether the answer of {@link publishesImageIn} for a region depends on the release. */
export function publicationVaries({ distribution, region }: Pick<ImageQuestion, "distribution" | "region">): boolean {
  const answers = releasedRows(distribution).map(({ name }) => bootImages(distribution, minorNamed(name)).value.regions.includes(region));
  return new Set(answers).size > 1;
}

/** Whether stream metadata name an image for the architecture and region. */
export function hasImageIn(streamJson: string, architecture: "amd64" | "arm64", region: string): boolean {
  return regionsOf(streamJson, architecture)?.[region]?.image !== undefined;
}

/** The region of the same partition from which images are copied; undefined if the release has no image in the whole partition. */
export function sourceRegion({ distribution, release, region }: ImageQuestion): string | undefined {
  const { regions } = bootImages(distribution, minorOf(release)).value;
  const partition = partitionOf(region).name;
  return ["us-east-1", "us-gov-west-1"].find((source) => regions.includes(source) && partitionOf(source).name === partition);
}

/**
 * The image of a region, out of the stream metadata that `openshift-install coreos print-stream-json` prints.
 *
 * @throws Error when the text is no stream metadata, or names no image for the architecture and region.
 */
export function streamImage(streamJson: string, architecture: "amd64" | "arm64", region: string): string {
  const coreosArchitecture = COREOS_NAMES[architecture];
  const regions = regionsOf(streamJson, architecture);
  if (regions === undefined) {
    throw new Error(
      `this release has no AWS images for ${coreosArchitecture}. Choose machine types of another architecture, or another release.`,
    );
  }
  const image = regions[region]?.image;
  if (image === undefined) {
    const known = Object.keys(regions).sort().join(", ");
    throw new Error(`this release has no ${coreosArchitecture} image in ${region}; it has them in ${known}. Choose one of these regions.`);
  }
  return image;
}

function regionsOf(streamJson: string, architecture: "amd64" | "arm64") {
  return (JSON.parse(streamJson) as StreamMetadata).architectures?.[COREOS_NAMES[architecture]]?.images?.aws?.regions;
}
