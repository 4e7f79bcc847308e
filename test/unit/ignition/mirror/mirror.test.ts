import { dump, load, loadAll } from "js-yaml";
import { parseConfiguration } from "../../../../config/parse";
import { redactInstallConfig, renderInstallConfig } from "../../../../ignition/install-config";
import { releaseTools } from "../../../../ignition/installer-host/tools";
import { patchManifests } from "../../../../ignition/manifest-patches";
import { clusterResources, installationManifests } from "../../../../ignition/mirror/cluster-resources";
import { mirrorObjects } from "../../../../ignition/mirror/cluster-objects";
import { renderImageSet } from "../../../../ignition/mirror/image-set";
import { withRegistry } from "../../../../ignition/mirror/pull-secret";
import { mirroredRepositories, releaseImageOf } from "../../../../ignition/mirror/release";
import { AIR_GAPPED, problemKeys, IN_EXISTING_VPC, problemsOf, RESTRICTED, withKeys, WITHOUT_HOST } from "../../config/fixture";
import { CERTIFICATE } from "../../config/key-material";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const byDigest = `quay.io/okd/scos-release@${digest}`;
const parsed = (changes: Readonly<Record<string, unknown>>) => parseConfiguration(withKeys(changes));

describe("a configuration with a mirror", () => {
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["without a mirror", {}],
    ["as a fallback", { installerHost: true, mirror: "fallback" }],
    ["restricted", RESTRICTED],
    ["air-gapped", AIR_GAPPED],
    ["restricted in an existing VPC", { ...IN_EXISTING_VPC, ...RESTRICTED }],
    ["air-gapped in an existing VPC", { ...IN_EXISTING_VPC, ...AIR_GAPPED, publicSubnetIds: [] }],
    [
      "restricted, in credentials mode mint through a proxy",
      { ...RESTRICTED, credentialsMode: "mint", httpsProxy: "http://proxy.example.com:3128" },
    ],
    ["as a fallback with a NAT gateway", { installerHost: true, mirror: "fallback", natGateways: "single" }],
    [
      "restricted in an existing VPC without public subnets, through a proxy",
      { ...IN_EXISTING_VPC, ...RESTRICTED, publicSubnetIds: [], publish: "Internal", httpsProxy: "http://proxy.example.com:3128" },
    ],
  ])("is accepted: %s", (_, changes) => {
    expect(problemKeys(changes)).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ["without the installer host, which has the registry", { ...WITHOUT_HOST, mirror: "fallback" }, ["mirror"]],
    ["restricted, without a credentials mode", { ...RESTRICTED, credentialsMode: "" }, ["credentialsMode"]],
    ["air-gapped, in credentials mode mint", { ...AIR_GAPPED, credentialsMode: "mint" }, ["credentialsMode"]],
    ["air-gapped without an archive", { ...AIR_GAPPED, mirrorArchive: "" }, ["mirrorArchive"]],
    ["with an archive that no mode reads", { ...RESTRICTED, mirrorArchive: "s3://okd-archive" }, ["mirrorArchive"]],
    ["with an archive that is not in S3", { ...AIR_GAPPED, mirrorArchive: "https://example.com/archive" }, ["mirrorArchive"]],
    ["with a prefix that a shell would interpret", { ...AIR_GAPPED, mirrorArchive: "s3://okd-archive/$(id)" }, ["mirrorArchive"]],
    ["restricted, but with a NAT gateway", { ...RESTRICTED, natGateways: "single" }, ["natGateways"]],
    ["air-gapped, but public", { ...AIR_GAPPED, publish: "External" }, ["publish"]],
    [
      "restricted in an existing VPC without egress for the installer host",
      { ...IN_EXISTING_VPC, ...RESTRICTED, publicSubnetIds: [], publish: "Internal" },
      ["mirror"],
    ],
    [
      "restricted with a release by its tag",
      { ...RESTRICTED, releaseImage: "quay.io/okd/scos-release:4.19.0-okd-scos.1" },
      ["releaseImage"],
    ],
    ["air-gapped without the release's digest", { ...AIR_GAPPED, releaseImage: "" }, ["releaseImage"]],
  ])("is refused: %s", (_, changes, keys) => {
    expect(problemKeys(changes)).toEqual(keys);
  });

  test("without mirrorArchive has a problem with the fix if the host is air-gapped", () => {
    expect(problemsOf(withKeys({ ...AIR_GAPPED, mirrorArchive: "" }))).toEqual([
      {
        key: "mirrorArchive",
        wrong: "is not set, but with mirror air-gapped it is the installer host's only source of images and tools",
        allowed: "s3://<bucket> or s3://<bucket>/<prefix>",
        fix: "pulumi config set mirrorArchive s3://okd-archive/4.22",
      },
    ]);
  });

  test("gives disconnected nodes the endpoints that they need, and no NAT gateways", () => {
    const network = { kind: "new", vpcCidr: "10.0.0.0/16" };
    expect(parsed({ installerHost: true, mirror: "fallback" }).network).toEqual({
      ...network,
      natGateways: "per-zone",
      publicSubnets: true,
      interfaceEndpoints: [],
    });
    expect(parsed({ ...RESTRICTED, vpcEndpoints: ["sts", "logs"] }).network).toEqual({
      ...network,
      natGateways: "none",
      publicSubnets: true,
      interfaceEndpoints: ["sts", "logs", "ec2", "elasticloadbalancing"],
    });
    const volumeKmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    expect(parsed({ ...AIR_GAPPED, volumeKmsKeyArn })).toMatchObject({
      mirror: { mode: "air-gapped", archive: { bucket: "okd-archive", prefix: "4.19" } },
      network: {
        natGateways: "none",
        publicSubnets: false,
        interfaceEndpoints: ["ec2", "elasticloadbalancing", "sts", "kms", "secretsmanager", "ssm"],
      },
    });
    const forwarded = { executor: "ssh", installerHostAccess: "forwarded", installerHostImageId: "ami-0123456789abcdef0" };
    expect(parsed({ ...AIR_GAPPED, ...forwarded }).network).toMatchObject({
      interfaceEndpoints: ["ec2", "elasticloadbalancing", "sts", "secretsmanager", "ssm", "ssmmessages"],
    });
    const storageClasses = [{ type: "efs", name: "shared", fileSystemId: "fs-0123456789abcdef0" }];
    expect(parsed({ ...RESTRICTED, storageClasses }).network).toMatchObject({
      interfaceEndpoints: ["ec2", "elasticloadbalancing", "sts", "elasticfilesystem"],
    });
    // A host with egress to the internet needs no endpoint.
    expect(parsed({ ...RESTRICTED, ...forwarded }).network).toMatchObject({ interfaceEndpoints: ["ec2", "elasticloadbalancing", "sts"] });
  });
});

describe("the mirrored release", () => {
  const okd = parsed(RESTRICTED);
  const openshift = {
    ...okd,
    distribution: "openshift",
    release: "4.19.3",
    architecture: "arm64",
  } as const;

  test("contains the release image that is installed", () => {
    expect(load(renderImageSet(okd))).toEqual({
      apiVersion: "mirror.openshift.io/v2alpha1",
      kind: "ImageSetConfiguration",
      mirror: { platform: { architectures: ["amd64"], release: "quay.io/okd/scos-release:4.19.0-okd-scos.1", graph: false } },
    });
    expect(releaseImageOf({ ...okd, releaseImage: byDigest })).toBe(byDigest);
    expect(releaseImageOf(openshift)).toBe("quay.io/openshift-release-dev/ocp-release:4.19.3-aarch64");
  });

  test.each([
    [okd, "quay.io/okd/scos-release", "quay.io/okd/scos-content"],
    [{ ...okd, releaseImage: byDigest }, "quay.io/okd/scos-release", "quay.io/okd/scos-content"],
    [openshift, "quay.io/openshift-release-dev/ocp-release", "quay.io/openshift-release-dev/ocp-v4.0-art-dev"],
    [{ ...okd, releaseImage: `localhost:5000/a/b:4.19.0` }, "localhost:5000/a/b", "quay.io/okd/scos-content"],
  ])(
    "has two source repositories, and their mirrors are the repositories into which oc-mirror copies (case %#)",
    (configuration, release, content) => {
      expect(mirroredRepositories(configuration)).toEqual([
        { source: release, mirror: "registry.dev.okd.example.com:5000/openshift/release-images" },
        { source: content, mirror: "registry.dev.okd.example.com:5000/openshift/release" },
      ]);
    },
  );

  test("is mirrored with an oc-mirror that can skip OKD's missing signature", () => {
    const ocMirror = (release: string) => releaseTools({ ...okd, release }).find(({ program }) => program === "oc-mirror")?.url;
    expect(["4.17.0-okd-scos.1", "4.20.0-okd-scos.3"].map((release) => ocMirror(release)?.split("/").at(-1))).toEqual([
      "stable-4.19",
      "stable-4.20",
    ]);
  });
});

describe("the install-config of a mirrored installation", () => {
  const registry = { caCertificate: "registry's authority\n", pullPassword: "secret-password" };
  const render = (changes: Readonly<Record<string, unknown>>) =>
    renderInstallConfig(parsed(changes), { sshPublicKey: "ssh-ed25519 AAAA", credentialsMode: "mint", zones: ["us-east-1a"], registry });
  const text = render({ ...RESTRICTED, additionalTrustBundle: CERTIFICATE });
  const config = load(text) as Record<string, string>;

  test("contains the mirrors, their CA in addition to the user's, and the registry's credentials", () => {
    expect(config.imageDigestSources).toEqual([
      { source: "quay.io/okd/scos-release", mirrors: ["registry.dev.okd.example.com:5000/openshift/release-images"] },
      { source: "quay.io/okd/scos-content", mirrors: ["registry.dev.okd.example.com:5000/openshift/release"] },
    ]);
    expect(config.additionalTrustBundlePolicy).toBe("Always");
    expect(config.additionalTrustBundle).toBe(`${CERTIFICATE.trimEnd()}\nregistry's authority\n`);
    expect(JSON.parse(config.pullSecret)).toEqual({
      auths: {
        fake: { auth: "aWQ6cGFzcwo=" },
        "registry.dev.okd.example.com:5000": { auth: Buffer.from("okd-nodes:secret-password").toString("base64") },
      },
    });
  });

  test("is stored without the registry's password", () => {
    expect(redactInstallConfig(text)).not.toContain(Buffer.from("okd-nodes:secret-password").toString("base64"));
  });

  test.each([
    "http://user:hunter2@proxy:3128",
    "http://user:hun/ter2@proxy:3128",
    "http://user:h@hunter2@proxy:3128",
    "http://:hunter2@proxy:3128",
  ])("is stored without the proxy's password: %s", (httpsProxy) => {
    const kept = redactInstallConfig(dump({ proxy: { httpsProxy }, pullSecret: "x" }));
    expect(load(kept)).toEqual({ proxy: { httpsProxy: "http://REDACTED@proxy:3128" }, pullSecret: "REDACTED" });
  });

  test("has the registry in noProxy", () => {
    const { proxy } = load(render({ ...RESTRICTED, httpsProxy: "http://proxy.example.com:3128" })) as { proxy: { noProxy: string } };
    expect(proxy.noProxy.split(",")).toContain("registry.dev.okd.example.com");
  });
});

test("the mirror's pull secret keeps the configured entries; an invalid one is refused without showing it", () => {
  const given = JSON.stringify({ auths: { "quay.io": { auth: "eDp5" } }, credsStore: "x" });
  expect(JSON.parse(withRegistry(given, "r:5000", { user: "okd", password: "p" }))).toEqual({
    auths: { "quay.io": { auth: "eDp5" }, "r:5000": { auth: "b2tkOnA=" } },
    credsStore: "x",
  });
  expect(() => withRegistry('{"password":"hidden"}', "r:5000", { user: "okd", password: "p" })).toThrow(/^the pull secret has no "auths"$/);
});

describe("the objects that oc-mirror wrote", () => {
  const mirrors = (kind: string, name: string, field: string) => ({
    apiVersion: "config.openshift.io/v1",
    kind,
    metadata: { name, annotations: { createdAt: "Sunday" } },
    spec: { [field]: [{ source: "quay.io/a", mirrors: ["r:5000/a"] }] },
  });
  const signatures = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "s", namespace: "openshift-config-managed", labels: { "release.openshift.io/verification-signatures": "" } },
    binaryData: {},
  };
  const catalog = {
    apiVersion: "operators.coreos.com/v1alpha1",
    kind: "CatalogSource",
    metadata: { name: "cs", namespace: "openshift-marketplace" },
    spec: {},
  };
  const files = {
    "idms-oc-mirror.yaml": `---\n${dump(mirrors("ImageDigestMirrorSet", "idms-release-0", "imageDigestMirrors"))}---\n${dump(mirrors("ImageDigestMirrorSet", "idms-operator-0", "imageDigestMirrors"))}`,
    "itms-oc-mirror.yaml": dump(mirrors("ImageTagMirrorSet", "itms-generic-0", "imageTagMirrors")),
    "signature-configmap.json": JSON.stringify(signatures),
    "signature-configmap.yaml": dump(signatures),
    "cs.yaml": dump(catalog),
  };
  const limits = { registry: "r:5000", taggedSources: ["quay.io/a"] };
  const resources = clusterResources(files, { policy: "AllowContactingSource", ...limits }) as {
    kind: string;
    metadata: { name: string };
    spec: object;
  }[];

  test("are unique and the same after each run, and have the mode's policy", () => {
    expect(resources.map(({ kind, metadata }) => [kind, metadata])).toEqual([
      ["CatalogSource", { name: "cs", namespace: "openshift-marketplace" }],
      ["ImageDigestMirrorSet", { name: "idms-release-0" }],
      ["ImageDigestMirrorSet", { name: "idms-operator-0" }],
      ["ImageTagMirrorSet", { name: "itms-generic-0" }],
      ["ConfigMap", signatures.metadata],
    ]);
    const policy = { source: "quay.io/a", mirrors: ["r:5000/a"], mirrorSourcePolicy: "AllowContactingSource" };
    expect([resources[1].spec, resources[3].spec]).toEqual([{ imageDigestMirrors: [policy] }, { imageTagMirrors: [policy] }]);
  });

  test("are manifests of the installation, except kinds that a bootstrapping cluster does not define yet", () => {
    const manifests = installationManifests(resources);
    expect(Object.values(manifests).map((text) => (loadAll(text) as { kind: string }[]).map(({ kind }) => kind))).toEqual([
      ["ImageDigestMirrorSet"],
      ["ImageDigestMirrorSet"],
      ["ImageTagMirrorSet"],
      ["ConfigMap"],
    ]);
  });

  test("are all applied to the installed cluster; if the cluster is disconnected, public catalogs are disabled", () => {
    const kinds = (mode: "fallback" | "restricted") =>
      (
        mirrorObjects({ mode, configuration: parsed(RESTRICTED), registry: "r:5000", caCertificate: "ca", resources }) as {
          kind: string;
        }[]
      ).map(({ kind }) => kind);
    const all = resources.map(({ kind }) => kind);
    expect(kinds("fallback")).toEqual([...all, "ConfigMap", "Image"]);
    expect(kinds("restricted")).toEqual([...all, "ConfigMap", "Image", "OperatorHub"]);
  });

  test.each(["error\n", "error: 1\n", "[]\n"])("are refused if one is not an object: %j", (text) => {
    expect(() => clusterResources({ "x.yaml": text }, { policy: "NeverContactSource", ...limits })).toThrow(/object|applies only/);
  });
});

test("the installer's own mirror set gets the mode's policy", () => {
  const manifest = (kind: string, more: object) => dump({ apiVersion: "config.openshift.io/v1", kind, ...more });
  const { write } = patchManifests(
    {
      a: manifest("Scheduler", { spec: {} }),
      b: manifest("DNS", { spec: {} }),
      c: manifest("Infrastructure", { status: { infrastructureName: "dev-x7k2q" } }),
      d: manifest("ImageDigestMirrorSet", { spec: { imageDigestMirrors: [{ source: "quay.io/a", mirrors: ["r/a"] }] } }),
    },
    { infraId: "dev-x7k2q", mastersSchedulable: false, publish: "Internal", sourcePolicy: "NeverContactSource" },
  );
  expect((load(write.d) as { spec: object }).spec).toEqual({
    imageDigestMirrors: [{ source: "quay.io/a", mirrors: ["r/a"], mirrorSourcePolicy: "NeverContactSource" }],
  });
});
