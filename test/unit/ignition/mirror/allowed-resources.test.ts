/** The installer host may publish only the objects that oc-mirror writes for the cluster. */
import { dump } from "js-yaml";
import { clusterResourceFiles } from "@okd-aws/sandbox/oc-mirror-stand-in";
import { encodeFiles } from "../../../../ignition/file-transfer";
import { clusterResources, installationManifests, taggedSources } from "../../../../ignition/mirror/cluster-resources";
import { parseMirrorState } from "../../../../ignition/mirror/state";

const registry = "registry.dev.okd.example.com:5000";
const release = { distribution: "openshift", release: "4.19.3", architecture: "amd64", updateService: true, platform: {} } as const;
const expected = { registry, taggedSources: taggedSources(release), policy: "AllowContactingSource" } as const;
const names = (resources: readonly object[]) => (resources as { kind: string; metadata: { name: string } }[]).map(({ kind }) => kind);
const read = (object: object) => clusterResources({ "x.yaml": dump(object) }, expected);

test("all objects that oc-mirror writes are accepted", () => {
  const files = clusterResourceFiles(
    [
      { source: "quay.io/openshift-release-dev/ocp-v4.0-art-dev", mirror: `${registry}/openshift/release`, byTag: false },
      { source: "quay.io/openshift-release-dev/ocp-release", mirror: `${registry}/openshift/release-images`, byTag: true },
      // If the mirror has the same path, oc-mirror shortens the source to this form.
      { source: "public.ecr.aws/aws-cli", mirror: `${registry}/aws-cli`, byTag: true },
      { source: "registry.redhat.io/openshift-update-service", mirror: `${registry}/openshift-update-service`, byTag: true },
    ],
    { digest: `sha256:${"0".repeat(64)}` },
    {
      updateService: { graphDataImage: `${registry}/openshift/graph-image:latest`, releases: `${registry}/openshift/release-images` },
      catalogs: [{ name: "redhat-operator-index", tag: "v4.19", image: `${registry}/redhat/redhat-operator-index:v4.19` }],
    },
  );
  expect(names(clusterResources(files, expected)).sort()).toEqual([
    "CatalogSource",
    "ClusterCatalog",
    "ConfigMap",
    "ImageDigestMirrorSet",
    "ImageTagMirrorSet",
    "UpdateService",
  ]);
});

const set = (kind: string, field: string, entry: object, more: object = {}) => ({
  apiVersion: "config.openshift.io/v1",
  kind,
  metadata: { name: "x", ...more },
  spec: { [field]: [entry] },
});
const catalog = (spec: object, namespace = "openshift-marketplace") => ({
  apiVersion: "operators.coreos.com/v1alpha1",
  kind: "CatalogSource",
  metadata: { name: "cs", namespace },
  spec,
});
const image = `${registry}/redhat/redhat-operator-index:v4.19`;
const signature = { "release.openshift.io/verification-signatures": "" };
const map = (metadata: object, content: object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "m", ...metadata },
  ...content,
});

test.each<[what: string, object: object, named: string]>([
  [
    "a binding to cluster-admin",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "evil" },
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
    },
    "ClusterRoleBinding evil",
  ],
  ["a list of objects", { apiVersion: "v1", kind: "List", metadata: { name: "l" }, items: [] }, "List l"],
  [
    "a MachineConfig",
    { apiVersion: "machineconfiguration.openshift.io/v1", kind: "MachineConfig", metadata: { name: "mc" } },
    "MachineConfig mc",
  ],
  [
    "a kind of an older version",
    { ...set("ImageDigestMirrorSet", "imageDigestMirrors", {}), apiVersion: "config.openshift.io/v1alpha1" },
    "x",
  ],
  [
    "a kind named like a property of every JavaScript object",
    { apiVersion: "constructor", kind: "toString", metadata: { name: "x" } },
    "toString x",
  ],
  ["an object without a name", { ...map({}, {}), metadata: {} }, "ConfigMap "],
  [
    "a ConfigMap of the installation",
    map({ name: "cluster-config-v1", namespace: "kube-system" }, { data: {} }),
    "ConfigMap kube-system/cluster-config-v1",
  ],
  [
    "a ConfigMap of another namespace with the label",
    map({ namespace: "openshift-config", labels: signature }, { binaryData: {} }),
    "openshift-config/m",
  ],
  ["a ConfigMap without the label", map({ namespace: "openshift-config-managed" }, { binaryData: {} }), "no label"],
  [
    "a ConfigMap with other data",
    map({ namespace: "openshift-config-managed", labels: signature }, { data: { "ca-bundle.crt": "x" } }),
    'the field "data"',
  ],
  [
    "a signature with an invalid name",
    map({ namespace: "openshift-config-managed", labels: signature }, { binaryData: { "ca-bundle.crt": "eA==" } }),
    "ca-bundle.crt",
  ],
  [
    "a mirror on another host",
    set("ImageDigestMirrorSet", "imageDigestMirrors", { source: "quay.io/a", mirrors: [`${registry}/a`, "evil.example.com/a"] }),
    "evil.example.com/a",
  ],
  [
    "a mirror whose host name only begins like the registry's",
    set("ImageDigestMirrorSet", "imageDigestMirrors", { source: "quay.io/a", mirrors: [`${registry}.evil.example.com/a`] }),
    "evil.example.com/a",
  ],
  [
    "a mirror by tag for a source whose images are mirrored by digest",
    set("ImageTagMirrorSet", "imageTagMirrors", { source: "docker.io/library/nginx", mirrors: [`${registry}/library/nginx`] }),
    "no image of docker.io/library/nginx is mirrored by tag",
  ],
  [
    "a mirror by tag for all images of a registry",
    set("ImageTagMirrorSet", "imageTagMirrors", { source: "public.ecr.aws", mirrors: [registry] }),
    "no image of public.ecr.aws",
  ],
  ["a mirror set with entries of the other kind", set("ImageTagMirrorSet", "imageDigestMirrors", {}), "imageDigestMirrors"],
  ["a catalog on another host", catalog({ sourceType: "grpc", image: "evil.example.com/index:v4.19" }), "evil.example.com"],
  ["a catalog at an address instead of an image", catalog({ sourceType: "grpc", image, address: "10.0.0.1:50051" }), "address"],
  ["a catalog of another kind", catalog({ sourceType: "configmap", image }), "configmap"],
  ["a catalog of another namespace", catalog({ sourceType: "grpc", image }, "kube-system"), "kube-system/cs"],
  [
    "a ClusterCatalog on another host",
    {
      apiVersion: "olm.operatorframework.io/v1",
      kind: "ClusterCatalog",
      metadata: { name: "cc" },
      spec: { source: { type: "Image", image: { ref: "evil.example.com/x:1" } } },
    },
    "evil.example.com",
  ],
  [
    "an update service with data of another source",
    {
      apiVersion: "updateservice.operator.openshift.io/v1",
      kind: "UpdateService",
      metadata: { name: "u", namespace: "openshift-update-service" },
      spec: { releases: `${registry}/openshift/release-images`, graphDataImage: "evil.example.com/graph:1" },
    },
    "evil.example.com",
  ],
])("an object that oc-mirror does not write is refused: %s", (_, object, named) => {
  expect(() => read(object)).toThrow("the installer host has published");
  expect(() => read(object)).toThrow(named);
  // The object is refused even if the same file has an allowed object.
  const mirror = set("ImageDigestMirrorSet", "imageDigestMirrors", { source: "quay.io/a", mirrors: [`${registry}/a`] });
  expect(() => clusterResources({ "idms.yaml": `${dump(mirror)}---\n${dump(object)}` }, expected)).toThrow(named);
});

test("an object that is not allowed in the host's published state does not become a manifest of the installation", () => {
  const evil = map({ name: "cluster-config-v1", namespace: "kube-system" }, { data: { "install-config": "x" } });
  const text = `done 2026-11-29T00:00:00Z vol0123456789abcdef0\n${encodeFiles({ "signature-configmap.yaml": dump(evil) })}`;
  expect(() => installationManifests(clusterResources(parseMirrorState(text).resources, expected))).toThrow(
    "kube-system/cluster-config-v1",
  );
});

test("of an object's metadata, only name, namespace and the label that its kind requires are kept", () => {
  const [object] = read(
    map(
      {
        namespace: "openshift-config-managed",
        labels: { ...signature, "app.kubernetes.io/managed-by": "x" },
        finalizers: ["x/y"],
        ownerReferences: [{}],
        annotations: { createdAt: "x" },
      },
      { binaryData: { [`sha256-${"0".repeat(64)}-1`]: "eA==" } },
    ),
  );
  expect((object as { metadata: object }).metadata).toEqual({ name: "m", namespace: "openshift-config-managed", labels: signature });
});
