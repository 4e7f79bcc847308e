import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "@okd-aws/sandbox";
import type { ApiObject } from "../../cluster-objects/object";
import { makeServerCertificate, type TestCertificate } from "../certificates";
import { PlatformProject } from "./platform-project";
import { describeUpdates } from "./cluster-updates";
import { describeWithTools } from "./requirements";

const program = `
  import { ClusterSettings } from "./components/cluster/cluster-settings";
  import { RegistryAccessSettings } from "./components/cluster/registry-access";
  import { Release } from "./components/cluster/release";
  import { RouterShards } from "./components/cluster/router-shards";
  const { ingressCertificate } = new ClusterSettings("cluster-settings", { api, settings: platform.settings });
  // Without shards the component declares only the patch of the default router.
  new RouterShards("router-shards", { api, routers: platform.routers, defaultCertificate: ingressCertificate, infra: [], infraRoles: [] } as any);
  new RegistryAccessSettings("registry-access", { api, configuration, registry: undefined });
  const release = new Release("release", { api, release: platform.settings.updates.release });
  export const checked = release.checkInPreview();
`;

const PULL_SECRET = '{"auths":{"quay.io":{"auth":"aHVudGVyMjpodW50ZXIy"}}}';
const KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

const BUCKET = {
  managementState: "Unmanaged",
  s3: { bucket: "example-images", region: "us-east-1", encrypt: true, keyID: KEY },
};
const secretOf = (text: string) => Buffer.from(text).toString("base64");

/** Objects that exist in an installed cluster before the stack configures it; the installer and operators created them. */
const CLUSTER: readonly ApiObject[] = [
  { apiVersion: "config.openshift.io/v1", kind: "APIServer", metadata: { name: "cluster" }, spec: { audit: { profile: "Default" } } },
  { apiVersion: "config.openshift.io/v1", kind: "Scheduler", metadata: { name: "cluster" }, spec: { mastersSchedulable: false } },
  {
    apiVersion: "config.openshift.io/v1",
    kind: "ClusterVersion",
    metadata: { name: "version" },
    spec: { clusterID: "0f5c7b1e-4f0e-4f8e-9d5a-4d1f6f3f5b10", channel: "stable-scos-4" },
  },
  {
    apiVersion: "imageregistry.operator.openshift.io/v1",
    kind: "Config",
    metadata: { name: "cluster" },
    spec: {
      managementState: "Managed",
      replicas: 2,
      storage: { managementState: "Managed", s3: { bucket: "made-by-operator", region: "us-east-1" } },
    },
  },
  { apiVersion: "config.openshift.io/v1", kind: "Proxy", metadata: { name: "cluster" }, spec: {} },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "pull-secret", namespace: "openshift-config" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": secretOf('{"auths":{}}') },
  },
  {
    apiVersion: "operator.openshift.io/v1",
    kind: "IngressController",
    metadata: { name: "default", namespace: "openshift-ingress-operator" },
    spec: { replicas: 2 },
  },
  { apiVersion: "imageregistry.operator.openshift.io/v1", kind: "ImagePruner", metadata: { name: "cluster" }, spec: { suspend: false } },
  { apiVersion: "operator.openshift.io/v1", kind: "Console", metadata: { name: "cluster" }, spec: { managementState: "Managed" } },
  {
    apiVersion: "operator.openshift.io/v1",
    kind: "ClusterCSIDriver",
    metadata: { name: "ebs.csi.aws.com" },
    spec: { managementState: "Managed" },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "gp3-csi", annotations: { [IS_DEFAULT]: "true" } },
    provisioner: "ebs.csi.aws.com",
  },
];

/** Every key once. */
function everyOption(api: TestCertificate, apps: TestCertificate): Record<string, unknown> {
  return {
    auditProfile: "AllRequestBodies",
    etcdEncryption: "aescbc",
    tlsProfile: "Modern",
    apiCertificate: api.chain,
    apiCertificateKey: api.key,
    apiCertificateAuthority: api.authority,
    ingressCertificate: apps.chain,
    ingressCertificateKey: apps.key,
    schedulerProfile: "HighNodeUtilization",
    defaultNodeSelector: "node-role.kubernetes.io/worker=",
    updateChannel: "stable-4.19",
    updateServer: "https://updates.example.com/graph",
    imageRegistryState: "Managed",
    imageRegistryReplicas: 3,
    imageRegistryBucket: "example-images",
    imageRegistryKmsKeyArn: KEY,
    imagePrunerSchedule: "0 3 * * 0",
    volumeKmsKeyArn: KEY,
    storageClasses: [
      { type: "ebs", name: "fast", default: true, iops: 6000, throughput: 250, fileSystem: "xfs" },
      { type: "efs", name: "shared", fileSystemId: "fs-0123456789abcdef0" },
      { type: "nfs", name: "archive", server: "nfs.example.com", share: "/export", mountOptions: ["nfsvers=4.1"], reclaimPolicy: "Retain" },
    ],
    installerHost: false,
    pullSecret: PULL_SECRET,
    httpProxy: "http://user:hunter3@proxy.example.com:3128",
    noProxy: "internal.example.com",
    consoleBanner: "hello",
    consoleBannerColor: "#fff",
    consoleBannerBackground: "#a30000",
    consoleProductName: "Example Cloud",
    consoleLogo: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    consoleLinks: [
      { name: "handbook", text: "Handbook", href: "https://handbook.example.com", location: "HelpMenu" },
      { name: "wiki", text: "Wiki", href: "https://wiki.example.com", location: "ApplicationMenu", section: "Documentation" },
    ],
    nodeTuning: {
      master: { reserveAutomatically: true },
      worker: { maxPods: 500, podPidsLimit: 8192, logSizeMax: "50Mi" },
    },
  };
}

interface Row {
  /** The object, as docs/singletons.md names it. */
  readonly object: string;
  readonly field: string;
  readonly of: readonly [apiVersion: string, kind: string, name: string, namespace?: string];
  readonly path: readonly string[];
  readonly set: unknown;
  /** Undefined if the field is gone. */
  readonly after?: unknown;
}

const row =
  (object: string, apiVersion: string, kind: string, name: string, namespace?: string) =>
  (field: string, set: unknown, after?: unknown): Row => ({
    object,
    field,
    of: [apiVersion, kind, name, namespace],
    path: field.startsWith("metadata.annotations.") ? ["metadata", "annotations", IS_DEFAULT] : field.split("."),
    set,
    after,
  });
const apiServer = row("APIServer cluster", "config.openshift.io/v1", "APIServer", "cluster");
const router = row("IngressController default", "operator.openshift.io/v1", "IngressController", "default", "openshift-ingress-operator");
const scheduler = row("Scheduler cluster", "config.openshift.io/v1", "Scheduler", "cluster");
const version = row("ClusterVersion version", "config.openshift.io/v1", "ClusterVersion", "version");
const registry = row("Config cluster (imageregistry)", "imageregistry.operator.openshift.io/v1", "Config", "cluster");
const pruner = row("ImagePruner cluster", "imageregistry.operator.openshift.io/v1", "ImagePruner", "cluster");
const webConsole = row("Console cluster (operator)", "operator.openshift.io/v1", "Console", "cluster");
const ebs = row("ClusterCSIDriver ebs.csi.aws.com", "operator.openshift.io/v1", "ClusterCSIDriver", "ebs.csi.aws.com");
const gp3 = row("StorageClass gp3-csi", "storage.k8s.io/v1", "StorageClass", "gp3-csi");

const proxy = row("Proxy cluster", "config.openshift.io/v1", "Proxy", "cluster");
const pullSecret = row("Secret openshift-config/pull-secret", "v1", "Secret", "pull-secret", "openshift-config");

/** The rows of docs/singletons.md. `after` is the value right after the update, before an operator acts. */
const ROWS: readonly Row[] = [
  apiServer("spec.audit.profile", "AllRequestBodies", "Default"),
  apiServer("spec.encryption", { type: "aescbc" }),
  apiServer("spec.tlsSecurityProfile", { type: "Modern", modern: {} }),
  apiServer("spec.servingCerts", {
    namedCertificates: [{ names: ["api.demo.okd.example.com"], servingCertificate: { name: "okd-aws-api-certificate" } }],
  }),
  router("spec.defaultCertificate", { name: "okd-aws-ingress-certificate" }),
  scheduler("spec.profile", "HighNodeUtilization"),
  scheduler("spec.defaultNodeSelector", "node-role.kubernetes.io/worker="),
  version("spec.channel", "stable-4.19"),
  version("spec.upstream", "https://updates.example.com/graph"),
  registry("spec.managementState", "Managed", "Managed"),
  registry("spec.replicas", 3, 3),
  registry("spec.storage", BUCKET, BUCKET),
  pruner("spec.schedule", "0 3 * * 0"),
  webConsole("spec.customization", {
    customProductName: "Example Cloud",
    customLogoFile: { name: "okd-aws-console-logo", key: "logo.svg" },
  }),
  ebs("spec.driverConfig", { driverType: "AWS", aws: { kmsKeyARN: KEY } }),
  proxy("spec.httpProxy", "http://user:hunter3@proxy.example.com:3128", "http://user:hunter3@proxy.example.com:3128"),
  pullSecret("data", { ".dockerconfigjson": secretOf(PULL_SECRET) }, { ".dockerconfigjson": secretOf(PULL_SECRET) }),
  gp3("metadata.annotations.is-default-class", "false"),
];

describeWithTools("cluster settings on a real API server", () => {
  let project: PlatformProject;
  let options: Record<string, unknown>;

  beforeAll(async () => {
    const [api, apps] = await Promise.all([
      makeServerCertificate(["api.demo.okd.example.com"]),
      makeServerCertificate(["*.apps.demo.okd.example.com"]),
    ]);
    options = everyOption(api, apps);
    project = await PlatformProject.make(program, options);
    await project.seed(...CLUSTER);
  });

  afterAll(async () => {
    await (project as PlatformProject | undefined)?.remove();
  });

  const value = async ({ of, path }: Row): Promise<unknown> =>
    path.reduce((each: unknown, step) => (each as Record<string, unknown> | undefined)?.[step], await project.read(...of));

  it("sets every key, updates changed keys, and leaves the fields that docs/singletons.md lists", async () => {
    const { output } = await project.up();
    expect(output).not.toContain("unknown field");
    for (const each of ROWS) expect([each.object, each.field, await value(each)]).toEqual([each.object, each.field, each.set]);
    const state = await project.state();
    for (const secret of [(options.apiCertificateKey as string).split("\n")[1], "hunter3", secretOf(PULL_SECRET)])
      expect(state).not.toContain(secret);
    expect(await project.preview()).toEqual([]);

    project.configure({
      ...options,
      auditProfile: "None",
      imageRegistryReplicas: 4,
      consoleProductName: "Other Cloud",
      schedulerProfile: "",
      consoleLinks: [],
      nodeTuning: { ...(options.nodeTuning as object), worker: { maxPods: 400, podPidsLimit: 8192 } },
    });
    const changes = (await project.preview()).map(({ op, name, fields }) =>
      [op, name.replace("cluster-settings-", ""), ...fields].join(" "),
    );
    expect(changes.sort()).toEqual([
      "delete console-link-handbook",
      "delete console-link-wiki",
      "delete container-runtime-worker",
      "update api-server spec.audit.profile",
      "update console spec.customization.customProductName",
      "update image-registry spec.replicas",
      "update kubelet-worker spec.kubeletConfig.maxPods",
      "update scheduler spec.profile",
    ]);

    project.configure({});
    await project.up();
    for (const each of ROWS) expect([each.object, each.field, await value(each)]).toEqual([each.object, each.field, each.after]);
    const table = readFileSync(join(projectDirectory, "docs/singletons.md"), "utf8");
    const missing = ROWS.filter(({ object, field }) => !table.includes(`| \`${object}\`, \`${field}\` |`));
    expect(missing.map(({ object, field }) => `${object} ${field}`)).toEqual([]);
  });

  describeUpdates(() => project);

  it("is destroyed as fast when the API is dead", async () => {
    await project.program(program);
    // The release of the last update above.
    project.configure({ release: "4.20.0-okd-scos.1", auditProfile: "None", consoleBanner: "hello" });
    await project.up();
    await project.killApi();
    expect((await project.destroy()).seconds).toBeLessThan(20);
  });
});
