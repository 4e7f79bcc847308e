import { dump } from "js-yaml";

/** A mirrored image: its public name, its mirror, and how it is referenced. */
export interface Mirrored {
  /** `quay.io/okd/scos-release`, without digest or tag. */
  readonly source: string;
  /** `registry.example.com:5000/openshift/release-images`. */
  readonly mirror: string;
  /** Whether the image is referenced by a tag. */
  readonly byTag: boolean;
}

/** Resources that are written only for some image sets, in addition to mirrors and signatures. */
export interface OptionalResources {
  /** Images for the update service: its data and the releases. Undefined if the image set requests no `graph`, which is the update service's data. */
  readonly updateService?: { readonly graphDataImage: string; readonly releases: string };
  /** Operator catalogs at their mirrored location. */
  readonly catalogs?: readonly Catalog[];
}

export interface Catalog {
  /** `redhat-operator-index` */
  readonly name: string;
  readonly tag: string;
  readonly image: string;
}

const annotations = () => ({ createdAt: new Date().toUTCString(), createdBy: "oc-mirror v2", "oc-mirror_version": "stand-in" });

/**
 * The files of `cluster-resources`, as the vendor's program writes them (openshift/oc-mirror, `internal/pkg/clusterresources`). The release
 * image is in the digest mirrors even if it is referenced by a tag.
 */
export function clusterResourceFiles(
  mirrored: readonly Mirrored[],
  signed?: { readonly digest: string },
  { updateService, catalogs = [] }: OptionalResources = {},
): Record<string, string> {
  const set = (kind: string, name: string, field: string, images: readonly Mirrored[]) => {
    const sources = [...new Set(images.map(({ source }) => source))];
    const entries = sources.map((source) => ({
      mirrors: [...new Set(images.filter((image) => image.source === source).map(({ mirror }) => mirror))],
      source,
    }));
    const object = {
      apiVersion: "config.openshift.io/v1",
      kind,
      metadata: { annotations: annotations(), name },
      spec: { [field]: entries },
    };
    return `---\n${dump(object)}`;
  };
  const byTag = mirrored.filter((image) => image.byTag);
  const signature = signed && {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "mirrored-release-signatures",
      namespace: "openshift-config-managed",
      annotations: annotations(),
      labels: { "release.openshift.io/verification-signatures": "" },
    },
    binaryData: {
      [`${signed.digest.replace(":", "-")}-1`]: Buffer.from(`stand-in signature of ${signed.digest}`).toString("base64"),
    },
  };
  return {
    "idms-oc-mirror.yaml": set("ImageDigestMirrorSet", "idms-release-0", "imageDigestMirrors", mirrored),
    ...(byTag.length > 0 && { "itms-oc-mirror.yaml": set("ImageTagMirrorSet", "itms-release-0", "imageTagMirrors", byTag) }),
    ...(signature && { "signature-configmap.yaml": dump(signature), "signature-configmap.json": JSON.stringify(signature) }),
    ...(updateService && { "updateService.yaml": updateServiceFile(updateService) }),
    ...Object.fromEntries(catalogs.flatMap(catalogFiles)),
  };
}

function updateServiceFile(spec: NonNullable<OptionalResources["updateService"]>): string {
  return dump({
    apiVersion: "updateservice.operator.openshift.io/v1",
    kind: "UpdateService",
    // No namespace: the file that the vendor's program writes has none either.
    metadata: { annotations: annotations(), name: "update-service-oc-mirror" },
    spec: { ...spec, replicas: 2 },
    status: {},
  });
}

/** The files of a catalog, for both versions of the Operator Lifecycle Manager. */
function catalogFiles({ name, tag, image }: Catalog): [file: string, text: string][] {
  const suffix = `${name}-${tag.replaceAll(".", "-")}`;
  const older = {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "CatalogSource",
    metadata: { annotations: annotations(), name: `cs-${suffix}`, namespace: "openshift-marketplace" },
    spec: { image, sourceType: "grpc" },
    status: {},
  };
  const newer = {
    apiVersion: "olm.operatorframework.io/v1",
    kind: "ClusterCatalog",
    metadata: { annotations: annotations(), name: `cc-${suffix}` },
    spec: { priority: 0, source: { image: { ref: image }, type: "Image" } },
    status: {},
  };
  return [older, newer].map((object) => [`${object.metadata.name}.yaml`, dump(object)]);
}
