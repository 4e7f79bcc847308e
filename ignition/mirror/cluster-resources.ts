import { toYaml } from "../../lib/yaml";
import { imageReference } from "../../config/container-images";
import type { Manifests } from "../manifests";
import { allowedResource, type AllowedResource, type ResourceLimits } from "./allowed-resources";
import type { ImageSetOptions } from "./image-set";
import { publishedObjects } from "./published-files";
import { type MirroredRepository, releaseImageOf, repositoryOf, type SourcePolicy } from "./release";

interface Mirrors {
  readonly source: string;
  readonly mirrors?: readonly string[];
}

/** The field that lists the mirrors, by kind of mirror set. */
const mirrorLists: Readonly<Partial<Record<string, string>>> = {
  ImageDigestMirrorSet: "imageDigestMirrors",
  ImageTagMirrorSet: "imageTagMirrors",
};

/**
 * Kinds that a cluster accepts during its bootstrap. Mirror sets belong there, because applying them later restarts every node. Objects whose
 * CRD an operator installs do not belong there: the bootstrap would wait for the CRD and never end.
 */
const bootstrapKinds = new Set(["config.openshift.io/v1/ImageDigestMirrorSet", "config.openshift.io/v1/ImageTagMirrorSet", "v1/ConfigMap"]);

/**
 * A mirror set for the release by tag, as a manifest. The installer writes only mirror sets by digest, from the install-config. The mirror set
 * by tag is needed for an update in which somebody names the release by its tag.
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

/** A mirror set with the policy in each of its entries; other objects are returned unchanged. */
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
 * The objects that oc-mirror wrote to its directory `cluster-resources`: each once, and mirror sets with the mode's policy. The status is
 * left out: it contains oc-mirror's time stamps, which would look like a change after every run, and empty values.
 *
 * @param files by name. The signatures exist as YAML and as JSON.
 * @throws Error if a file contains anything other than objects that oc-mirror writes: see {@link allowedResource}
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
 * Repositories whose images are mirrored by tag: the release, the AWS command line, Velero, the example
 * application, and the images of the update service's operator. The
 * release's content is mirrored by digest.
 */
export function taggedSources(configuration: ImageSetOptions): readonly string[] {
  const added = ["aws-cli", "velero", "velero-plugin-for-aws", "example-web", "example-database"] as const;
  const images = [releaseImageOf(configuration), ...added.map(imageReference)];
  const byTag = images.filter((reference) => !reference.includes("@"));
  return [...byTag.map(repositoryOf), ...(configuration.updateService ? ["registry.redhat.io/"] : [])];
}

/**
 * The objects with which the cluster is installed, as manifests: mirror sets and signatures. All other objects are for an
 * installed cluster.
 */
export function installationManifests(resources: readonly object[]): Manifests {
  const wanted = (resources as readonly AllowedResource[]).filter(({ apiVersion, kind }) => bootstrapKinds.has(`${apiVersion}/${kind}`));
  return Object.fromEntries(
    wanted.map((object) => [`manifests/99_okd-aws_mirror_${object.kind.toLowerCase()}_${object.metadata.name}.yaml`, toYaml(object)]),
  );
}
