import { toYaml } from "../../config/yaml";
import type { Manifests } from "../manifest-patches";
import { imageReference } from "../../config/container-images";
import { allowedResource, type AllowedResource, type ResourceLimits } from "./allowed-resources";
import type { ImageSetOptions } from "./image-set";
import { publishedObjects } from "./published-files";
import { type MirroredRepository, releaseImageOf, repositoryOf, type SourcePolicy } from "./release";

interface Mirrors {
  readonly source: string;
  readonly mirrors?: readonly string[];
}

/** The field of each kind of mirror set that lists the mirrors. */
const mirrorLists: Readonly<Partial<Record<string, string>>> = {
  ImageDigestMirrorSet: "imageDigestMirrors",
  ImageTagMirrorSet: "imageTagMirrors",
};

/**
 * Kinds that a bootstrapping cluster can take already. Mirror sets belong there, since applied later they restart every node; what needs a
 * definition that comes with an operator does not, or bootstrap would never end (reference, section 8).
 */
const installable = new Set(["config.openshift.io/v1/ImageDigestMirrorSet", "config.openshift.io/v1/ImageTagMirrorSet", "v1/ConfigMap"]);

/**
 * Mirrors for the release by its tags, as a manifest. Those by digest the installer makes itself of the install-config; by tag the release is asked
 * for when somebody names it so in an update.
 */
export function tagMirrorManifests(repositories: readonly MirroredRepository[], policy: SourcePolicy): Manifests {
  return {
    "manifests/99_okd-aws_mirror_tags.yaml": toYaml({
      apiVersion: "config.openshift.io/v1",
      kind: "ImageTagMirrorSet",
      metadata: { name: "okd-aws-release" },
      spec: {
        imageTagMirrors: repositories.map(({ source, mirror }) => ({ source, mirrors: [mirror], mirrorSourcePolicy: policy })),
      },
    }),
  };
}

/** A mirror set with the policy in each of its entries; any other object as it is. */
export function withSourcePolicy<T extends { readonly kind?: string; readonly spec?: Readonly<Record<string, unknown>> }>(
  object: T,
  policy: SourcePolicy,
): T {
  const field = mirrorLists[object.kind ?? ""];
  const list = field === undefined ? undefined : (object.spec?.[field] as readonly Mirrors[] | undefined);
  if (field === undefined || list === undefined) return object;
  return { ...object, spec: { ...object.spec, [field]: list.map((entry) => ({ ...entry, mirrorSourcePolicy: policy })) } };
}

/**
 * The objects that oc-mirror wrote for the cluster, in its directory `cluster-resources`: each once, with the mode's policy in its mirror sets. Left out are
 * oc-mirror's time stamps, which would look like a change after every run, and its empty states.
 *
 * @param files by their name. The signatures are there as YAML and as JSON.
 * @throws Error when a file holds anything else than an object that oc-mirror writes: see {@link allowedResource}
 */
export function clusterResources(
  files: Readonly<Record<string, string>>,
  { policy, ...limits }: ResourceLimits & { readonly policy: SourcePolicy },
): readonly object[] {
  const objects = new Map<string, object>();
  for (const published of publishedObjects(files)) {
    const object = allowedResource(Object.fromEntries(Object.entries(published).filter(([field]) => field !== "status")), limits);
    const { apiVersion, kind, metadata } = object;
    objects.set([apiVersion, kind, metadata.namespace, metadata.name].join("/"), withSourcePolicy(object, policy));
  }
  return [...objects.values()];
}

/**
 * Of which repositories images are mirrored by tag: the release, the AWS command line, and what an update service's operator consists of. The release's
 * content is by digest.
 */
export function taggedSources(configuration: ImageSetOptions): readonly string[] {
  const byTag = [releaseImageOf(configuration), imageReference("aws-cli")].filter((reference) => !reference.includes("@"));
  return [...byTag.map(repositoryOf), ...(configuration.updateService ? ["registry.redhat.io/"] : [])];
}

/** Those objects that the cluster is installed with, as manifests: mirrors and signatures. The others are for a cluster that is complete. */
export function installationManifests(resources: readonly object[]): Manifests {
  const wanted = (resources as readonly AllowedResource[]).filter(({ apiVersion, kind }) => installable.has(`${apiVersion}/${kind}`));
  return Object.fromEntries(
    wanted.map((object) => [`manifests/99_okd-aws_mirror_${object.kind.toLowerCase()}_${object.metadata.name}.yaml`, toYaml(object)]),
  );
}
