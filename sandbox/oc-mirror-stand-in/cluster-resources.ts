import { dump } from "js-yaml";

/** A mirrored image: what it is named by, where it is, and whether it is the release itself. */
export interface Mirrored {
  /** `quay.io/okd/scos-release`, without digest or tag. */
  readonly source: string;
  /** `registry.example.com:5000/openshift/release-images`. */
  readonly mirror: string;
  /** Whether it is named by a tag. */
  readonly byTag: boolean;
}

const annotations = () => ({ createdAt: new Date().toUTCString(), createdBy: "oc-mirror v2", "oc-mirror_version": "stand-in" });

/**
 * The files of `cluster-resources`, as the vendor's program writes them (openshift/oc-mirror, `internal/pkg/clusterresources`): the release image is
 * among the mirrors by digest even when it is named by a tag.
 */
export function clusterResourceFiles(mirrored: readonly Mirrored[], signed?: { readonly digest: string }): Record<string, string> {
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
  };
}
