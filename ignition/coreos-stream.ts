import type { Configuration } from "../config/configuration";
import { partitionOf } from "../config/partition";
import { bootImages } from "../config/releases/facts";
import { minorNamed } from "../config/releases/minor";
import { releasedRows } from "../config/releases/table";
import { minorOf } from "../config/releases/version";

/** The parts of CoreOS' stream metadata that are read here (coreos/stream-metadata-go, `stream/stream.go`). */
interface StreamMetadata {
  readonly architectures?: Readonly<
    Record<
      string,
      { readonly images?: { readonly aws?: { readonly regions?: Readonly<Partial<Record<string, { readonly image?: string }>>> } } }
    >
  >;
}

const COREOS_NAMES = { amd64: "x86_64", arm64: "aarch64" } as const;

/** The settings that determine where a release publishes images. */
type ImageSettings = Pick<Configuration, "distribution" | "release" | "region">;

/**
 * Whether the release publishes an AMI in the region. This is known without the installer, so a preview can show whether a copy will be made.
 * `streamImage` later fails if the installer's metadata contain no AMI there.
 */
export function publishesImageIn({ distribution, release, region }: ImageSettings): boolean {
  return bootImages(distribution, minorOf(release)).value.regions.includes(region);
}

/** Whether the result of {@link publishesImageIn} for a region differs between releases. */
export function publicationVaries({ distribution, region }: Pick<ImageSettings, "distribution" | "region">): boolean {
  const answers = releasedRows(distribution).map(({ name }) => bootImages(distribution, minorNamed(name)).value.regions.includes(region));
  return new Set(answers).size > 1;
}

/** Whether stream metadata contain an AMI for the architecture and region. */
export function hasImageIn(streamJson: string, architecture: "amd64" | "arm64", region: string): boolean {
  return regionsOf(streamJson, architecture)?.[region]?.image !== undefined;
}

/** Region of the same partition from which AMIs are copied; undefined if the release has no AMI in the partition. */
export function sourceRegion({ distribution, release, region }: ImageSettings): string | undefined {
  const { regions } = bootImages(distribution, minorOf(release)).value;
  const partition = partitionOf(region).name;
  return ["us-east-1", "us-gov-west-1"].find((source) => regions.includes(source) && partitionOf(source).name === partition);
}

/**
 * The AMI of a region, from the stream metadata that `openshift-install coreos print-stream-json` prints.
 *
 * @throws Error if the text is not stream metadata, or contains no AMI for the architecture and region.
 */
export function streamImage(streamJson: string, architecture: "amd64" | "arm64", region: string): string {
  const coreosArchitecture = COREOS_NAMES[architecture];
  const regions = regionsOf(streamJson, architecture);
  if (regions === undefined) {
    throw new Error(
      `this release has no AWS images for ${coreosArchitecture}. Choose instance types of another architecture, or another release.`,
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
