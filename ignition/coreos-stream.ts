import type { Distribution } from "../config/configuration";

/** The part of CoreOS' stream metadata that is read here (coreos/stream-metadata-go, `stream/stream.go`). */
interface StreamMetadata {
  readonly architectures?: Readonly<
    Record<
      string,
      { readonly images?: { readonly aws?: { readonly regions?: Readonly<Partial<Record<string, { readonly image?: string }>>> } } }
    >
  >;
}

/** Where OKD publishes its images (reference, section 6). */
const okdRegions: ReadonlySet<string> = new Set(["us-east-1", "us-gov-west-1"]);

/** Where OpenShift publishes its images, for both architectures (openshift/installer 4.19, `data/data/coreos/rhcos.json`). */
const openshiftRegions: ReadonlySet<string> = new Set([
  ...["af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7"],
  ...["ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"],
  ...["us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2"],
]);

/**
 * Whether the release publishes an image in a region. Known without the installer, so that a preview tells whether a copy
 * will be made; `streamImage` then holds it against what the installer really says.
 */
export function publishesImageIn(distribution: Distribution, region: string): boolean {
  return { okd: okdRegions, openshift: openshiftRegions }[distribution].has(region);
}

/** The region of the same partition from which images are copied. */
export function sourceRegion(region: string): string {
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

/**
 * The image of a region, out of the stream metadata that `openshift-install coreos print-stream-json` prints.
 *
 * @throws Error when the text is no stream metadata, or names no image for the architecture and region.
 */
export function streamImage(streamJson: string, architecture: "amd64" | "arm64", region: string): string {
  const stream = JSON.parse(streamJson) as StreamMetadata;
  const coreosArchitecture = { amd64: "x86_64", arm64: "aarch64" }[architecture];
  const regions = stream.architectures?.[coreosArchitecture]?.images?.aws?.regions;
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
