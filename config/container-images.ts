import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A container image that this project runs, pinned. */
export interface ContainerImage {
  /** With its registry, without tag and digest. */
  readonly repository: string;
  /** The version that the digest is of. Tags can be moved by whoever owns the repository. */
  readonly tag: string;
  /** Of the index of all architectures; `unresolved` where no published source states it and nobody has run `make images`. docs/security.md lists these. */
  readonly digest: string;
  /** Where the digest is published, or why there is none. */
  readonly source: string;
}

/** Images by their name in this project; `gitlab-…` are those of `ci/plan.gitlab-ci.yml`. */
export type ImageName = "aws-cli" | "registry" | "node" | "ssm-agent" | "gitlab-plan" | "gitlab-sandbox";

/** The table's file, which `make images` writes. */
export const containerImagesFile = join(__dirname, "images.json");

export const containerImages = JSON.parse(readFileSync(containerImagesFile, "utf8")) as Readonly<Record<ImageName, ContainerImage>>;

/** Whether an image is pinned by its digest. */
export function isResolved({ digest }: ContainerImage): boolean {
  return digest !== "unresolved";
}

/** Pull specification of an image: by digest, and by tag only where the digest is unresolved. */
export function imageReference(name: ImageName): string {
  const image = containerImages[name];
  return isResolved(image) ? `${image.repository}@${image.digest}` : `${image.repository}:${image.tag}`;
}
