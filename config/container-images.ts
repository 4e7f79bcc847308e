import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A pinned container image that this project runs. */
export interface ContainerImage {
  /** Registry and path, without tag and digest. */
  readonly repository: string;
  /** The version that the digest belongs to. The owner of the repository can move tags. */
  readonly tag: string;
  /**
   * Digest of the multi-architecture index; `unresolved` if no published source states it and nobody has run `make images`.
   * docs/security.md lists the unresolved images.
   */
  readonly digest: string;
  /** Where the digest is published, or why there is none. */
  readonly source: string;
}

/** Names of the images in this project; `gitlab-…` are used by `ci/plan.gitlab-ci.yml`. */
export type ImageName =
  | "aws-cli"
  | "registry"
  | "node"
  | "ssm-agent"
  | "grafana"
  | "velero"
  | "velero-plugin-for-aws"
  | "example-web"
  | "example-database"
  | "gitlab-plan"
  | "gitlab-sandbox";

/** File with the images, which `make images` writes. */
export const containerImagesFile = join(__dirname, "images.json");

export const containerImages = JSON.parse(readFileSync(containerImagesFile, "utf8")) as Readonly<Record<ImageName, ContainerImage>>;

/** Whether an image is pinned by its digest. */
export function isResolved({ digest }: ContainerImage): boolean {
  return digest !== "unresolved";
}

/** Pull specification of an image: by digest, or by tag if the digest is unresolved. */
export function imageReference(name: ImageName): string {
  const image = containerImages[name];
  return isResolved(image) ? `${image.repository}@${image.digest}` : `${image.repository}:${image.tag}`;
}
