import type { Configuration } from "../../config/configuration";
import { isDisconnected } from "../../config/mirror/fields";
import { registryHost, registryPort } from "../installer-host/registry";

/** A public repository, and the repository with the same images in the cluster's own registry. */
export interface MirroredRepository {
  readonly source: string;
  readonly mirror: string;
}

/** The nodes' behaviour if the mirror lacks an image (openshift/api, `config/v1/types_image_digest_mirror_set.go`). */
export type SourcePolicy = "AllowContactingSource" | "NeverContactSource";

/** The public repositories of a distribution: for release images, and for the images that they name. */
const publicRepositories = {
  okd: { release: "quay.io/okd/scos-release", content: "quay.io/okd/scos-content" },
  openshift: { release: "quay.io/openshift-release-dev/ocp-release", content: "quay.io/openshift-release-dev/ocp-v4.0-art-dev" },
} as const;

type Release = Pick<Configuration, "distribution" | "release" | "releaseImage" | "architecture">;

/** The release's pull specification: the configured one, or the distribution's public one. */
export function releaseImageOf({ distribution, release, releaseImage, architecture }: Release): string {
  if (releaseImage !== undefined) return releaseImage;
  const tag = distribution === "okd" ? release : `${release}-${{ amd64: "x86_64", arm64: "aarch64" }[architecture]}`;
  return `${publicRepositories[distribution].release}:${tag}`;
}

/** The registry's host name and port, as in the names of images. */
export function mirrorRegistry({ clusterDomain }: Pick<Configuration, "clusterDomain">): string {
  return `${registryHost(clusterDomain)}:${registryPort}`;
}

/**
 * The repositories of the release, each with the repository to which oc-mirror copies its images (openshift/oc-mirror,
 * `internal/pkg/release`: the release image goes to `openshift/release-images`, the images that it names to
 * `openshift/release`).
 */
export function mirroredRepositories(configuration: Release & Pick<Configuration, "clusterDomain">): readonly MirroredRepository[] {
  const registry = mirrorRegistry(configuration);
  const source = repositoryOf(releaseImageOf(configuration));
  return [
    { source, mirror: `${registry}/openshift/release-images` },
    { source: publicRepositories[configuration.distribution].content, mirror: `${registry}/openshift/release` },
  ];
}

/** A pull specification without its digest or tag. The registry may have a port. */
export function repositoryOf(image: string): string {
  const [named] = image.split("@");
  const tag = named.indexOf(":", named.lastIndexOf("/"));
  return tag < 0 ? named : named.slice(0, tag);
}

/**
 * The policy for images that the mirror lacks. Disconnected nodes never contact the public source: each attempt would
 * fail only after minutes.
 */
export function sourcePolicy({ mode }: { readonly mode: NonNullable<Configuration["mirror"]>["mode"] }): SourcePolicy {
  return isDisconnected(mode) ? "NeverContactSource" : "AllowContactingSource";
}
