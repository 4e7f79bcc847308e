import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { parseConfiguration } from "../../../../config/parse";
import { nodeMachineConfigs } from "../../../../ignition/node-tuning";
import { apiServerSettings } from "../../../../cluster-objects/settings/api-server";
import { consoleLogo } from "../../../../cluster-objects/settings/console";
import { withInternalServerName, withTrustBundle } from "../../../../lib/kubernetes/kubeconfig";
import { installerStorageClass, storageClass } from "../../../../cluster-objects/settings/storage-classes";
import { makeServerCertificate, type TestCertificate } from "../../../certificates";
import { problemKeys, problemsOf, withKeys } from "../../config/fixture";

const settingsOf = (keys: Record<string, unknown>) => parseConfiguration(withKeys(keys)).platform.settings;

describe("serving certificates", () => {
  let api: TestCertificate;
  let other: TestCertificate;
  let late: TestCertificate;
  beforeAll(async () => {
    [api, other, late] = await Promise.all([
      makeServerCertificate(["api.dev.example.com"]),
      makeServerCertificate(["*.apps.dev.example.com"]),
      makeServerCertificate(["api.dev.example.com"], -1),
    ]);
  });
  const keysOf = (certificate: TestCertificate) => ({
    clusterName: "dev",
    baseDomain: "example.com",
    apiCertificate: certificate.chain,
    apiCertificateKey: certificate.key,
    apiCertificateAuthority: certificate.authority,
  });

  test("are set for api and never for api-int, and the kubeconfig gets their CA only once", () => {
    const { apiServer } = settingsOf(keysOf(api));
    expect(apiServerSettings(apiServer)?.spec).toEqual({
      servingCerts: { namedCertificates: [{ names: ["api.dev.example.com"], servingCertificate: { name: "okd-aws-api-certificate" } }] },
    });
    const own = { server: "https://api.dev.example.com:6443", "certificate-authority-data": Buffer.from("OWN\n").toString("base64") };
    const kubeconfig = JSON.stringify({ clusters: [{ name: "dev", cluster: own }], users: [] });
    const trusted = withTrustBundle(withTrustBundle(kubeconfig, apiServer.authority), apiServer.authority);
    const { clusters } = load(trusted) as { clusters: { cluster: Record<string, string> }[] };
    expect(Buffer.from(clusters[0].cluster["certificate-authority-data"], "base64").toString()).toBe(`OWN\n${api.authority.trim()}\n`);
    expect(load(withInternalServerName(kubeconfig, "dev.example.com"))).toHaveProperty(
      ["clusters", 0, "cluster", "tls-server-name"],
      "api-int.dev.example.com",
    );
    expect(withTrustBundle(kubeconfig, "")).toBe(kubeconfig);
  });

  test("without a configured CA, have the self-signed certificate at the end of their chain as CA", () => {
    const keys = { ...keysOf(api), apiCertificate: api.chain + api.authority, apiCertificateAuthority: undefined };
    expect(settingsOf(keys).apiServer.authority.trim()).toBe(api.authority.trim());
  });

  test.each<[string, () => Record<string, unknown>, string, RegExp]>([
    ["that have expired", () => keysOf(late), "apiCertificate", /^has a certificate that expired on /],
    ["for another name", () => ({ ...keysOf(other) }), "apiCertificate", /^is for DNS:\*\.apps\.dev\.example\.com, not for api\.dev/],
    [
      "that do not match their key",
      () => ({ ...keysOf(api), apiCertificateKey: other.key }),
      "apiCertificateKey",
      /^is not the key of apiCertificate$/,
    ],
    ["without a key", () => ({ ...keysOf(api), apiCertificateKey: undefined }), "apiCertificateKey", /^is not set, but apiCertificate is$/],
    [
      "in the wrong order",
      () => ({ ...keysOf(api), apiCertificate: api.chain + other.authority }),
      "apiCertificate",
      /is not issued by certificate 2/,
    ],
    ["of an unknown issuer", () => ({ ...keysOf(api), apiCertificateAuthority: undefined }), "apiCertificateAuthority", /^is not set, but/],
    [
      "of another issuer",
      () => ({ ...keysOf(api), apiCertificateAuthority: other.authority }),
      "apiCertificateAuthority",
      /^is not the issuer/,
    ],
  ])("%s are refused", (_, keys, blame, words) => {
    const problems = problemsOf(withKeys(keys()));
    expect(problems.map(({ key }) => key)).toEqual([blame]);
    expect(problems[0].wrong).toMatch(words);
    expect(JSON.stringify(problems)).not.toContain("BEGIN PRIVATE");
  });
});

describe("storage classes", () => {
  const classes = settingsOf({
    storageClasses: [
      { type: "ebs", name: "fast", iops: 6000, throughput: 250, default: true },
      { type: "efs", name: "shared", fileSystemId: "fs-0123456789abcdef0", reclaimPolicy: "Retain" },
    ],
  }).storage.classes;

  test("are encrypted with the volumes' KMS key, and the configured default replaces the installer's default class", () => {
    expect(storageClass(classes[0], { kmsKeyArn: "arn:key" })).toMatchObject({
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:key", iops: "6000", throughput: "250" },
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    });
    expect(storageClass(classes[1], { fileSystemId: "fs-of-the-cluster" })).toMatchObject({
      reclaimPolicy: "Retain",
      parameters: { provisioningMode: "efs-ap", fileSystemId: "fs-0123456789abcdef0" },
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "false" } },
    });
    expect(installerStorageClass(classes)?.metadata.annotations).toEqual({ "storageclass.kubernetes.io/is-default-class": "false" });
    expect(installerStorageClass([classes[1]])).toBeUndefined();
  });
});

test("time servers become a MachineConfig of each pool, and kernel arguments become a MachineConfig of the named pool", () => {
  const { nodes } = settingsOf({
    ntpServers: ["169.254.169.123", "ntp.example.com"],
    nodeTuning: { worker: { kernelArguments: ["hugepages=16"] } },
  });
  expect(nodeMachineConfigs(nodes).map(({ pool, topic, content }) => [pool, topic, content.kernelArguments])).toEqual([
    ["master", "chrony", undefined],
    ["worker", "chrony", undefined],
    ["worker", "kernel-arguments", ["hugepages=16"]],
  ]);
  const [file] = nodeMachineConfigs(nodes)[0].content.files ?? [];
  expect([file.path, file.contents.split("\n").slice(0, 2)]).toEqual([
    "/etc/chrony.conf",
    ["server 169.254.169.123 iburst", "server ntp.example.com iburst"],
  ]);
});

test.each([
  ["comments, however many, before the picture", `<?xml version="1.0"?>\n${"<!-- ours -->\n".repeat(40)}<!DOCTYPE svg>\n<svg/>`, []],
  ["comments and nothing else", "<!---->".repeat(40), ["consoleLogo"]],
  ["a comment without an end", "<!-- <svg/>", ["consoleLogo"]],
  ["900,000 blanks", `${" ".repeat(900_000)}x`, ["consoleLogo"]],
  ["900,000 letters", "a".repeat(900_000), ["consoleLogo"]],
  ["more than a config map holds", "a".repeat(930_001), ["consoleLogo"]],
])("a console logo is checked in linear time: %s", (_, consoleLogo, blame) => {
  expect(problemKeys({ consoleLogo })).toEqual(blame);
});

test("kernel arguments keep their order, and an argument may occur twice", () => {
  const kernelArguments = ["hugepagesz=1G", "hugepages=4", "hugepagesz=2M", "hugepages=4", "console=tty0", "console=ttyS0"];
  const { nodes } = settingsOf({ nodeTuning: { worker: { kernelArguments } } });
  expect(nodeMachineConfigs(nodes).map(({ content }) => content.kernelArguments)).toEqual([kernelArguments]);
});

test("a console logo is stored as text if it is SVG, and as bytes if it is PNG", () => {
  expect(consoleLogo('<?xml version="1.0"?>\n<svg/>')).toMatchObject({ data: { "logo.svg": '<?xml version="1.0"?>\n<svg/>' } });
  expect(consoleLogo("iVBORw0K\nGgo=")).toMatchObject({ binaryData: { "logo.png": "iVBORw0KGgo=" } });
});

describe("a configuration of the installed cluster is refused for", () => {
  const link = { name: "a", text: "A", href: "https://a.example.com" };
  const ebs = { type: "ebs", name: "fast" };
  test.each<[string, Record<string, unknown>, string[]]>([
    ["a color in words", { consoleBanner: "x", consoleBannerColor: "red" }, ["consoleBannerColor"]],
    ["a color without a banner", { consoleBannerColor: "#fff" }, ["consoleBanner"]],
    ["a logo that is neither SVG nor PNG", { consoleLogo: "logo.png" }, ["consoleLogo"]],
    ["a link over http", { consoleLinks: [{ ...link, href: "http://a.example.com", location: "HelpMenu" }] }, ["consoleLinks"]],
    ["a menu entry without a section", { consoleLinks: [{ ...link, location: "ApplicationMenu" }] }, ["consoleLinks"]],
    ["a section of another menu", { consoleLinks: [{ ...link, location: "UserMenu", section: "x" }] }, ["consoleLinks"]],
    ["an unknown pool", { nodeTuning: { infra: { maxPods: 100 } } }, ["nodeTuning"]],
    ["an argument with a blank", { nodeTuning: { worker: { kernelArguments: ["a b"] } } }, ["nodeTuning"]],
    ["an invalid time server", { ntpServers: ["http://ntp"] }, ["ntpServers"]],
    ["an invalid channel", { updateChannel: "4.19" }, ["updateChannel"]],
    ["a gate in another form", { acknowledgedUpdateGates: ["ack-next-apis"] }, ["acknowledgedUpdateGates"]],
    ["force without an image", { forceUpdate: true, releaseImage: undefined }, ["forceUpdate"]],
    [
      "two defaults",
      {
        storageClasses: [
          { ...ebs, default: true },
          { ...ebs, name: "b", default: true },
        ],
      },
      ["storageClasses"],
    ],
    ["the name of a storage class of the cluster", { storageClasses: [{ ...ebs, name: "gp3-csi" }] }, ["storageClasses"]],
    ["more than a volume's IOPS can carry", { storageClasses: [{ ...ebs, throughput: 1000 }] }, ["storageClasses"]],
    ["an unknown type of storage", { storageClasses: [{ type: "fsx", name: "a" }] }, ["storageClasses"]],
    ["an ID that is not a file system's", { storageClasses: [{ type: "efs", name: "a", fileSystemId: "vol-1" }] }, ["storageClasses"]],
    [
      "a registry that is removed and also has settings",
      { imageRegistryState: "Removed", imageRegistryReplicas: 2 },
      ["imageRegistryState"],
    ],
    [
      "a KMS key without a bucket",
      { imageRegistryKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" },
      ["imageRegistryKmsKeyArn"],
    ],
    ["a bucket's URL", { imageRegistryBucket: "s3://images" }, ["imageRegistryBucket"]],
    ["a schedule of six fields", { imagePrunerSchedule: "0 0 3 * * 0" }, ["imagePrunerSchedule"]],
    ["a selector without an equals sign", { defaultNodeSelector: "worker" }, ["defaultNodeSelector"]],
  ])("%s", (_, keys, blame) => {
    expect(problemKeys(keys)).toEqual(blame);
    for (const problem of problemsOf(withKeys(keys))) expect(problem.fix.length).toBeGreaterThan(3);
  });
});

test("every example of docs/cluster-settings.md is a valid configuration", () => {
  const guide = readFileSync(join(__dirname, "..", "..", "..", "..", "docs", "cluster-settings.md"), "utf8");
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => load(text) as Record<string, unknown>);
  expect(examples.length).toBeGreaterThan(6);
  const inline = examples.filter((example) => !JSON.stringify(example).includes("BEGIN CERTIFICATE"));
  for (const example of inline) {
    const keys = Object.fromEntries(Object.entries(example).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
    expect(problemsOf(withKeys({ ...keys, releaseImage: undefined }))).toEqual([]);
  }
});
