import { dump, loadAll } from "js-yaml";
import type { Manifests } from "../manifest-patches";
import type { MirroredRepository, SourcePolicy } from "./release";

interface Mirrors {
  readonly source: string;
  readonly mirrors?: readonly string[];
}

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
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
    "manifests/99_okd-aws_mirror_tags.yaml": dump({
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
 * What oc-mirror wrote for the cluster, in its directory `cluster-resources`, as objects: each once, without oc-mirror's time stamps, which
 * would look like a change after every run, and its empty states, which are not the user's to say; with the mode's policy in its mirror sets.
 *
 * @param files by their name. The signatures are there as YAML and as JSON.
 * @throws Error when a file holds something else than objects of Kubernetes.
 */
export function clusterResources(files: Readonly<Record<string, string>>, policy: SourcePolicy): readonly object[] {
  const objects = new Map<string, Resource>();
  for (const [name, text] of Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))) {
    for (const document of loadAll(text)) {
      if (document === null || document === undefined) continue;
      const { metadata, ...others } = document as Partial<Resource>;
      const rest: Partial<Resource> = Object.fromEntries(Object.entries(others).filter(([field]) => field !== "status"));
      if (rest.kind === undefined || rest.apiVersion === undefined || metadata === undefined) {
        throw new Error(`oc-mirror's ${name} holds something that is no object of Kubernetes`);
      }
      const plain = Object.fromEntries(Object.entries(metadata).filter(([field]) => field !== "annotations"));
      const object = withSourcePolicy({ ...rest, metadata: plain } as unknown as Resource, policy);
      objects.set([object.apiVersion, object.kind, metadata.namespace, metadata.name].join("/"), object);
    }
  }
  return [...objects.values()];
}

/** Those objects that the cluster is installed with, as manifests: mirrors and signatures. The others are for a cluster that is complete. */
export function installationManifests(resources: readonly object[]): Manifests {
  const wanted = (resources as readonly Resource[]).filter(({ apiVersion, kind }) => installable.has(`${apiVersion}/${kind}`));
  return Object.fromEntries(
    wanted.map((object) => [`manifests/99_okd-aws_mirror_${object.kind.toLowerCase()}_${object.metadata.name}.yaml`, dump(object)]),
  );
}
