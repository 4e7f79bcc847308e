/**
 * Mirrors a release into the installer host's registry, and makes the release known to a cluster. The test uses the host's real script with
 * oc-mirror's stand-in, real registries with TLS and passwords, and the real API server with OpenShift's definitions, which accepts no
 * object with a wrong field.
 *
 * Not proven: that the vendor's oc-mirror accepts the flags (they are from its documentation), that nodes pull the images, and that the
 * update service's operator is installed.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "js-yaml";
import { ensureToolchain } from "@okd-aws/sandbox/toolchain";
import { shellInput } from "../../components/installer/executor";
import { commonScript, readScript } from "../../components/installer/scripts";
import { encodeFiles } from "../../ignition/file-transfer";
import { clusterResources, installationManifests, taggedSources, tagMirrorManifests } from "../../ignition/mirror/cluster-resources";
import { mirrorObjects } from "../../ignition/mirror/cluster-objects";
import { renderImageSet } from "../../ignition/mirror/image-set";
import { withRegistry } from "../../ignition/mirror/pull-secret";
import { mirroredRepositories } from "../../ignition/mirror/release";
import { parseMirrorState } from "../../ignition/mirror/state";
import { isUpdateService, updateServiceApi } from "../../ignition/mirror/update-service";
import { waitForMirror } from "../../steps/mirror/wait";
import type { KubeClient } from "./kube-client";
import { clusterCatalogDefinition, define, updateServiceDefinition } from "./kube-definitions";
import { digestIn, MirroringHost, pushCatalog, pushRelease, RunningRegistry } from "./mirroring-host";
import { describeWithTools } from "./requirements";
import { sharedServer } from "./shared-server";

const volumeId = "vol-0123456789abcdef0";
const state = { STATE_BUCKET: "assets", STATE_KEY: "mirror/0123456789abcdef" };
const online = { ...state, ARCHIVE_BUCKET: "", ARCHIVE_PREFIX: "", MIRROR_FLAGS: "" };

describeWithTools("a release", () => {
  const root = mkdtempSync(join(tmpdir(), "mirror-"));
  let registry: RunningRegistry;
  let release: string;
  let digests: string[];
  let imageSet: string;
  let program: string;
  let api: KubeClient;
  const configuration = () =>
    ({
      clusterDomain: "dev.okd.example.com",
      distribution: "okd",
      release: "4.19.0-okd-scos.1",
      releaseImage: release,
      architecture: "amd64",
      updateService: false,
    }) as const;

  beforeAll(async () => {
    program = (await ensureToolchain(["registry"])).tools.registry;
    registry = await RunningRegistry.start(program, join(root, "registry"));
    await sleep(500);
    ({ release, digests } = await pushRelease(registry, join(root, "registry")));
    imageSet = renderImageSet({ ...configuration(), platform: {} });
  });
  afterAll(() => {
    registry.stop();
    rmSync(root, { recursive: true });
  });

  /** The result of the program's wait for the state that a host publishes. */
  const wait = (host: MirroringHost) =>
    waitForMirror(
      { region: "us-east-1", bucket: "assets", key: state.STATE_KEY, volumeId, timeoutSeconds: 5 },
      { read: () => Promise.resolve(host.object("assets", state.STATE_KEY)), say: () => undefined, interval: 100 },
    );

  /** The limits that the host's published state must respect. */
  const limits = (host: MirroringHost) =>
    ({
      policy: "NeverContactSource",
      registry: host.registry.host,
      taggedSources: taggedSources({ ...configuration(), platform: {} }),
    }) as const;

  const inRegistry = async (target: RunningRegistry, directory: string) =>
    Promise.all([
      digestIn(target, directory, "openshift/release", digests[0]),
      digestIn(target, directory, "openshift/release", "4.19.0-okd-scos.1-etcd"),
      digestIn(target, directory, "openshift/release-images", "4.19.0-okd-scos.1"),
    ]);

  test("is mirrored by the host, which publishes the data that the cluster needs", async () => {
    const host = new MirroringHost(join(root, "online"), registry);
    const { status, output } = await host.mirror(imageSet, online);
    expect({ status, output }).toEqual({ status: 0, output: "" });
    expect(await inRegistry(registry, join(root, "registry"))).toEqual(digests);
    const published = parseMirrorState(host.object("assets", state.STATE_KEY) ?? "");
    expect([published.state, published.volumeId]).toEqual(["done", volumeId]);
    expect(Object.keys(await wait(host)).sort()).toEqual(["idms-oc-mirror.yaml", "signature-configmap.json", "signature-configmap.yaml"]);
  });

  test("is not mirrored again by a new instance that finds the release on its volume; the data is published again", async () => {
    const host = new MirroringHost(join(root, "again"), registry);
    await host.mirror(imageSet, online);
    const before = await wait(host);
    rmSync(join(host.s3, "assets"), { recursive: true });
    host.authorize('{"auths":{}}');
    expect((await host.mirror(imageSet, online)).status).toBe(0);
    expect(await wait(host)).toEqual(before);
  });

  test("that cannot be mirrored is reported with oc-mirror's own words, without password and pull secret", async () => {
    const host = new MirroringHost(join(root, "refused"), registry);
    host.authorize(withRegistry('{"auths":{}}', registry.host, { user: "okd", password: "not-the-password" }));
    expect((await host.mirror(imageSet, online)).status).toBe(1);
    const { state: reached, lines } = parseMirrorState(host.object("assets", state.STATE_KEY) ?? "");
    expect([reached, lines]).toEqual(["failed", expect.stringMatching(/\[ERROR\] .*the registry answers 401/)]);
    expect(lines).not.toMatch(/not-the-password|auths/);
    expect(readdirSync(join(host.root, "data/mirror"))).not.toContain("done");
  });

  test("is mirrored from an archive when nothing else can be reached", async () => {
    const target = await RunningRegistry.start(program, join(root, "target"));
    try {
      const outside = new MirroringHost(join(root, "outside"), registry);
      const media = join(root, "media");
      mkdirSync(media);
      expect(await outside.ocMirror(imageSet, "--ignore-release-signature", `file://${media}`)).toMatchObject({ status: 0 });

      const host = new MirroringHost(join(root, "inside"), target);
      writeFileSync(join(root, "inside/auth.json"), withRegistry('{"auths":{}}', target.host, { user: "okd", password: target.password }));
      const archive = { ...state, ARCHIVE_BUCKET: "media", ARCHIVE_PREFIX: "okd/4.19/", MIRROR_FLAGS: "--ignore-release-signature" };
      mkdirSync(join(host.s3, "media"));
      expect((await host.mirror(imageSet, archive)).status).toBe(1);
      expect(parseMirrorState(host.object("assets", state.STATE_KEY) ?? "").lines).toBe(
        "s3://media/okd/4.19/archive/ contains no archive of oc-mirror (mirror_000001.tar and so on)",
      );
      mkdirSync(join(host.s3, "media/okd/4.19/archive"), { recursive: true });
      writeFileSync(join(host.s3, "media/okd/4.19/archive/mirror_000001.tar"), readFileSync(join(media, "mirror_000001.tar")));
      expect(await host.mirror(imageSet, archive)).toEqual({ status: 0, output: "" });
      expect(await inRegistry(target, join(root, "inside"))).toEqual(digests);
      const [mirrors, ...others] = clusterResources(await wait(host), limits(host)) as { spec: object }[];
      expect(others).toEqual([]);
      expect(mirrors.spec).toEqual({
        imageDigestMirrors: [
          {
            source: `${registry.host}/okd/scos-content`,
            mirrors: [`${target.host}/openshift/release`],
            mirrorSourcePolicy: "NeverContactSource",
          },
          {
            source: `${registry.host}/okd/scos-release`,
            mirrors: [`${target.host}/openshift/release-images`],
            mirrorSourcePolicy: "NeverContactSource",
          },
        ],
      });
    } finally {
      target.stop();
    }
  });

  test("is made known to a cluster by objects whose fields the API accepts, also when applied again", async () => {
    const { tools } = await ensureToolchain(["kubectl"]);
    ({ api } = await sharedServer());
    for (const name of ["openshift-config", "openshift-config-managed"])
      await api.must("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    // The object as the release creates it, with a field of another owner.
    const registrySources = { blockedRegistries: ["example.org"] };
    await api.must("POST", "/apis/config.openshift.io/v1/images", object("Image", { registrySources }));

    const host = new MirroringHost(join(root, "cluster"), registry);
    await host.mirror(imageSet, online);
    const resources = clusterResources(await wait(host), limits(host));
    const manifests = {
      ...tagMirrorManifests(mirroredRepositories(configuration()), "NeverContactSource"),
      ...installationManifests(resources),
    };
    expect(Object.keys(manifests)).toHaveLength(3);
    const atInstallation = Object.values(manifests).map((text) => load(text) as object);
    const caCertificate = registry.files["client/ca.crt"];
    const completion = mirrorObjects({
      mode: "restricted",
      configuration: configuration(),
      registry: "registry.dev.okd.example.com:5000",
      caCertificate,
      resources,
    });
    for (const objects of [atInstallation, completion, completion])
      expect(await apply(api, tools.kubectl, objects)).toMatchObject({ status: 0 });

    const one = async (path: string) => (await api.must("GET", path)) as { spec?: unknown; data?: unknown; binaryData?: unknown };
    expect((await one("/apis/config.openshift.io/v1/images/cluster")).spec).toEqual({
      registrySources,
      additionalTrustedCA: { name: "okd-aws-mirror-ca" },
    });
    expect((await one("/apis/config.openshift.io/v1/operatorhubs/cluster")).spec).toEqual({ disableAllDefaultSources: true });
    expect((await one("/api/v1/namespaces/openshift-config/configmaps/okd-aws-mirror-ca")).data).toEqual({
      "registry.dev.okd.example.com..5000": caCertificate,
    });
    expect((await one("/apis/config.openshift.io/v1/imagetagmirrorsets/okd-aws-release")).spec).toMatchObject({
      imageTagMirrors: [{ mirrorSourcePolicy: "NeverContactSource" }, { mirrorSourcePolicy: "NeverContactSource" }],
    });
    const signatures = await one("/api/v1/namespaces/openshift-config-managed/configmaps/mirrored-release-signatures");
    expect(Object.keys(signatures.binaryData as object)).toEqual([`${digests[2].replace(":", "-")}-1`]);

    const wrong = object("ImageDigestMirrorSet", { imageDigestMirrors: [{ source: "quay.io/okd", mirror: "registry.example.com" }] });
    expect(await apply(api, tools.kubectl, [wrong])).toMatchObject({ status: 1, output: expect.stringContaining("mirror") as string });
  });

  test("contains an update service, which the cluster gets as soon as its operator has created the definition", async () => {
    const { tools } = await ensureToolchain(["kubectl"]);
    const openshift = { ...configuration(), distribution: "openshift", release: "4.19.3", updateService: true } as const;
    // Replaces Red Hat's registry for the requests of this test.
    const set = renderImageSet({ ...openshift, platform: {} }).replace("registry.redhat.io", registry.host);
    const digest = await pushCatalog(registry, join(root, "registry"), "redhat/redhat-operator-index", "v4.19");
    const host = new MirroringHost(join(root, "update-service"), registry);
    expect(await host.mirror(set, { ...online, STATE_KEY: "mirror/fedcba9876543210" })).toEqual({ status: 0, output: "" });
    expect(await digestIn(registry, join(root, "registry"), "redhat/redhat-operator-index", "v4.19")).toBe(digest);
    await digestIn(registry, join(root, "registry"), "openshift/graph-image", "latest");

    await define(api, clusterCatalogDefinition);
    const published = parseMirrorState(host.object("assets", "mirror/fedcba9876543210") ?? "");
    const resources = clusterResources(published.resources, limits(host));
    const caCertificate = registry.files["client/ca.crt"];
    const completion = mirrorObjects({ mode: "restricted", configuration: openshift, registry: "r:5000", caCertificate, resources });
    await api.must("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "openshift-marketplace" } });
    expect(await apply(api, tools.kubectl, completion)).toMatchObject({ status: 0 });
    const spec = async (path: string) => ((await api.must("GET", path)) as { spec: Record<string, unknown> }).spec;
    const olm = "/apis/operators.coreos.com";
    const { source, sourceNamespace, name } = await spec(
      `${olm}/v1alpha1/namespaces/openshift-update-service/subscriptions/update-service`,
    );
    expect(name).toBe("cincinnati-operator");
    expect(await spec(`${olm}/v1alpha1/namespaces/${String(sourceNamespace)}/catalogsources/${String(source)}`)).toMatchObject({
      image: `${registry.host}/redhat/redhat-operator-index:v4.19`,
    });

    const services = resources.filter(isUpdateService);
    const awaited = { AWAITED: updateServiceApi, AWAIT_SECONDS: "1", AWAIT_FAILURE: "the operator has not come" };
    const early = await apply(api, tools.kubectl, services, awaited);
    expect(early).toMatchObject({ status: 1, output: expect.stringMatching(/^the operator has not come\n.*NotFound/) as string });
    await define(api, updateServiceDefinition);
    expect(await apply(api, tools.kubectl, services, { ...awaited, AWAIT_SECONDS: "20" })).toMatchObject({ status: 0 });
    expect(await spec(`${updateServiceApi}/namespaces/openshift-update-service/updateservices/update-service-oc-mirror`)).toEqual({
      graphDataImage: `${registry.host}/openshift/graph-image:latest`,
      releases: `${registry.host}/openshift/release-images`,
      replicas: 2,
    });
  });

  /** The installer's step that applies objects to a cluster, run as an executor runs it. */
  async function apply(
    server: KubeClient,
    kubectl: string,
    items: readonly object[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; output: string }> {
    const bin = join(root, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "kubectl"), `#!/bin/sh\nexec ${kubectl} --cache-dir ${bin} "$@"\n`, { mode: 0o755 });
    const input = encodeFiles({
      "auth/kubeconfig": server.adminKubeconfig(`https://127.0.0.1:${server.port}`),
      "objects.json": JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    });
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: bin, ...environment };
    return new Promise((resolve) => {
      const child = execFile("bash", ["-s"], { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
      });
      child.stdin?.end(shellInput(`${commonScript}\n${readScript("apply")}`, input));
    });
  }
});

const object = (kind: string, spec: object) => ({ apiVersion: "config.openshift.io/v1", kind, metadata: { name: "cluster" }, spec });
