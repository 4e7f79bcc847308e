import type { Configuration } from "../../config/configuration";
import { cutsNodesOff } from "../../config/rules/mirror";
import { registryHost, registryPort } from "../installer-host/registry";

/** A repository that images are named by, and the one in the cluster's own registry that has the same images. */
export interface MirroredRepository {
  readonly source: string;
  readonly mirror: string;
}

/** What a mirror set does when the mirror has not the image (openshift/api, `config/v1/types_image_digest_mirror_set.go`). */
export type SourcePolicy = "AllowContactingSource" | "NeverContactSource";

/** The public repositories of a distribution: of release images, and of the images that they name. */
const publicRepositories = {
  okd: { release: "quay.io/okd/scos-release", content: "quay.io/okd/scos-content" },
  openshift: { release: "quay.io/openshift-release-dev/ocp-release", content: "quay.io/openshift-release-dev/ocp-v4.0-art-dev" },
} as const;

type Release = Pick<Configuration, "distribution" | "release" | "releaseImage" | "architecture">;

/** The release's pull specification: the configured one, or the one under which the distribution publishes it. */
export function releaseImageOf({ distribution, release, releaseImage, architecture }: Release): string {
  if (releaseImage !== undefined) return releaseImage;
  const tag = distribution === "okd" ? release : `${release}-${{ amd64: "x86_64", arm64: "aarch64" }[architecture]}`;
  return `${publicRepositories[distribution].release}:${tag}`;
}

/** The registry's name and port, as images name it. */
export function mirrorRegistry({ clusterDomain }: Pick<Configuration, "clusterDomain">): string {
  return `${registryHost(clusterDomain)}:${registryPort}`;
}

/**
 * Which repositories the release comes from, and where oc-mirror puts them in the registry (openshift/oc-mirror, `internal/pkg/release`: the release
 * image goes to `openshift/release-images`, what it consists of to `openshift/release`).
 */
export function mirroredRepositories(configuration: Release & Pick<Configuration, "clusterDomain">): readonly MirroredRepository[] {
  const registry = mirrorRegistry(configuration);
  const source = repositoryOf(releaseImageOf(configuration));
  return [
    { source, mirror: `${registry}/openshift/release-images` },
    { source: publicRepositories[configuration.distribution].content, mirror: `${registry}/openshift/release` },
  ];
}

/** A pull specification without its digest or tag. A port may stand before the path. */
export function repositoryOf(image: string): string {
  const [named] = image.split("@");
  const tag = named.indexOf(":", named.lastIndexOf("/"));
  return tag < 0 ? named : named.slice(0, tag);
}

/** Nodes without a way to the internet don't try it, which would cost minutes before every failure. */
export function sourcePolicy({ mode }: { readonly mode: NonNullable<Configuration["mirror"]>["mode"] }): SourcePolicy {
  return cutsNodesOff(mode) ? "NeverContactSource" : "AllowContactingSource";
}
