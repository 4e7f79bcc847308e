import { dump, load } from "js-yaml";
import { parseConfiguration } from "../../../../config/parse";
import { clusterResources } from "../../../../ignition/mirror/cluster-resources";
import { mirrorObjects } from "../../../../ignition/mirror/cluster-objects";
import { renderImageSet } from "../../../../ignition/mirror/image-set";
import { AIR_GAPPED, problemKeys, OPENSHIFT, PULL_SECRET_JSON, RESTRICTED, withKeys } from "../../config/fixture";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const openshiftByDigest = `quay.io/openshift-release-dev/ocp-release@${digest}`;
const withUpdateService = { ...RESTRICTED, ...OPENSHIFT, updateService: true };
const parsed = (changes: Readonly<Record<string, unknown>>) => parseConfiguration(withKeys(changes));

describe("an update service", () => {
  const needed = ["CloudCredential", "CloudControllerManager", "Ingress"];
  const bare = { baselineCapabilitySet: "None", additionalEnabledCapabilities: needed };
  const openshiftArchive = { mirror: "air-gapped", releaseImage: openshiftByDigest };

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["of OpenShift", withUpdateService],
    ["in an air-gapped OpenShift cluster", { ...AIR_GAPPED, ...withUpdateService, ...openshiftArchive }],
    [
      "with the capabilities that install its operator",
      { ...withUpdateService, ...bare, additionalEnabledCapabilities: [...needed, "OperatorLifecycleManager", "marketplace"] },
    ],
  ])("is accepted: %s", (_, changes) => {
    expect(problemKeys(changes)).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ["of OKD", { ...RESTRICTED, updateService: true }, ["updateService"]],
    ["in a cluster that uses the public update service", { ...withUpdateService, mirror: "fallback" }, ["updateService"]],
    ["without the capabilities that install its operator", { ...withUpdateService, ...bare }, ["updateService", "updateService"]],
    [
      "without credentials for the registry of its operator",
      {
        ...withUpdateService,
        releaseImage: openshiftByDigest,
        pullSecret: PULL_SECRET_JSON.replace("registry.redhat.io", "registry.example.com"),
      },
      ["pullSecret"],
    ],
  ])("is refused: %s", (_, changes, keys) => {
    expect(problemKeys(changes)).toEqual(keys);
  });

  test("is mirrored with its operator and its graph data", () => {
    expect(load(renderImageSet(parsed(withUpdateService)))).toMatchObject({
      mirror: {
        platform: { release: "quay.io/openshift-release-dev/ocp-release:4.19.3-x86_64", graph: true },
        operators: [
          {
            catalog: "registry.redhat.io/redhat/redhat-operator-index:v4.19",
            packages: [{ name: "cincinnati-operator", channels: [{ name: "v1" }] }],
          },
        ],
      },
    });
  });

  test("is applied after its operator and all other objects", () => {
    const service = {
      apiVersion: "updateservice.operator.openshift.io/v1",
      kind: "UpdateService",
      metadata: { name: "s" },
      spec: { releases: "r:5000/openshift/release-images" },
      status: {},
    };
    const newer = { apiVersion: "olm.operatorframework.io/v1", kind: "ClusterCatalog", metadata: { name: "cc" }, spec: {} };
    const written = clusterResources(
      { "s.yaml": dump(service), "cc.yaml": dump(newer) },
      { policy: "NeverContactSource", registry: "r:5000", taggedSources: [] },
    );
    // oc-mirror names no namespace. The operator serves only its own namespace, so the program adds it.
    expect(written).toContainEqual({ ...service, metadata: { name: "s", namespace: "openshift-update-service" }, status: undefined });
    const given = (changes: Readonly<Record<string, unknown>>) =>
      mirrorObjects({
        mode: "restricted",
        configuration: parsed({ ...withUpdateService, ...changes }),
        registry: "r:5000",
        caCertificate: "ca",
        resources: written,
      }) as { kind: string; data?: object; spec?: object }[];
    const kinds = (changes: Readonly<Record<string, unknown>> = {}) => given(changes).map(({ kind }) => kind);
    const always = ["ConfigMap", "Image", "OperatorHub", "Namespace", "OperatorGroup", "Subscription"];
    expect(kinds()).toEqual(["ClusterCatalog", ...always]);
    expect(kinds({ release: "4.17.9" })).toEqual(always);
    expect(kinds({ baselineCapabilitySet: "v4.17" })).toEqual(always);
    const objects = given({});
    expect(objects.find(({ kind }) => kind === "ConfigMap")?.data).toEqual({ "r..5000": "ca", "updateservice-registry": "ca" });
    expect(objects.find(({ kind }) => kind === "Subscription")?.spec).toEqual({
      name: "cincinnati-operator",
      channel: "v1",
      installPlanApproval: "Automatic",
      source: "cs-redhat-operator-index-v4-19",
      sourceNamespace: "openshift-marketplace",
    });
  });
});
