/** A machine image of the release, as it is published in one region. */
export interface SeedImage {
  id: string;
  name: string;
  architecture: "x86_64" | "arm64";
  /** The account that publishes it. */
  owner: string;
}

/** What exists in the emulated AWS before anything is installed: what a user has, or AWS offers. */
export interface AwsSeed {
  /** Region → its images. */
  images: Record<string, SeedImage[]>;
  /** Public hosted zones: the base domains. */
  zones: string[];
}

/** The part of `openshift-install coreos print-stream-json` that is read here. */
export interface CoreOsStream {
  stream: string;
  architectures: Record<string, { images: { aws?: { regions: Record<string, { release: string; image: string }> } } } | undefined>;
}

/** The account of Red Hat CoreOS's images; stands for OKD's as well, for the stream does not name one. */
const PUBLISHER = "531415883065";
const ARCHITECTURES = { x86_64: "x86_64", aarch64: "arm64" } as const;

/** The images that a release's own stream metadata names, by region. */
export function imagesOfStream(stream: CoreOsStream): AwsSeed["images"] {
  const images: AwsSeed["images"] = {};
  for (const [name, architecture] of Object.entries(ARCHITECTURES)) {
    for (const [region, { image, release }] of Object.entries(stream.architectures[name]?.images.aws?.regions ?? {})) {
      (images[region] ??= []).push({ id: image, name: `${stream.stream}-${release}-${name}`, architecture, owner: PUBLISHER });
    }
  }
  return images;
}
