/** An AMI of the release, as it is published in one region. */
export interface SeedImage {
  id: string;
  name: string;
  architecture: "x86_64" | "arm64";
  /** ID of the AWS account that publishes the AMI. */
  owner: string;
}

/** The initial content of the emulated AWS: the user's hosted zones, and the AMIs that AWS offers. */
export interface AwsSeed {
  /** AMIs by region. */
  images: Record<string, SeedImage[]>;
  /** Names of public hosted zones: the base domains. */
  zones: string[];
}

/** The fields of `openshift-install coreos print-stream-json` that are used here. */
export interface CoreOsStream {
  stream: string;
  architectures: Record<string, { images: { aws?: { regions: Record<string, { release: string; image: string }> } } } | undefined>;
}

/** The account that publishes Red Hat CoreOS's AMIs. OKD's AMIs get the same account here, because OKD's stream names none. */
const PUBLISHER = "531415883065";
const ARCHITECTURES = { x86_64: "x86_64", aarch64: "arm64" } as const;

/** The AMIs that a release's stream metadata names, by region. */
export function imagesOfStream(stream: CoreOsStream): AwsSeed["images"] {
  const images: AwsSeed["images"] = {};
  for (const [name, architecture] of Object.entries(ARCHITECTURES)) {
    for (const [region, { image, release }] of Object.entries(stream.architectures[name]?.images.aws?.regions ?? {})) {
      (images[region] ??= []).push({ id: image, name: `${stream.stream}-${release}-${name}`, architecture, owner: PUBLISHER });
    }
  }
  return images;
}
