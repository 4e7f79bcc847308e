/** Settings of Velero that are refused, and the keys that the error names. */
import { checkConfiguration } from "../../../../config/parse";
import { minorOf } from "../../../../config/releases/version";
import { configuredOadp, oadpFor } from "../../../../config/velero/oadp";
import { oadpDoesNotTrustTheProxysCa, oadpMatchesTheRelease } from "../../../../config/velero/rules";
import { OPENSHIFT, problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const daily = { name: "daily" };
/** Capabilities that every cluster on AWS needs, so that the test sees no problems about them. */
const NEEDED = ["CloudControllerManager", "CloudCredential", "Ingress"];
const KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const prod = { name: "prod", bucket: "prod-x7k2q-velero" };
const locations = (fields: object) => ({ veleroSchedules: [daily], veleroReadOnlyLocations: [{ ...prod, ...fields }] });
const schedule = (fields: object) => ({ veleroSchedules: [{ ...daily, ...fields }] });

const REFUSED: readonly RefusedConfiguration[] = [
  ["minute 61", schedule({ schedule: "61 * * * *" }), ["veleroSchedules"]],
  ["day of the week 7", schedule({ schedule: "0 0 * * 7" }), ["veleroSchedules"]],
  ["a schedule with seconds", schedule({ schedule: "0 0 3 * * *" }), ["veleroSchedules"]],
  ["a systemd calendar expression", schedule({ schedule: "*-*-* 02:30" }), ["veleroSchedules"]],
  ["an interval in days", schedule({ schedule: "@every 1d" }), ["veleroSchedules"]],
  [
    "a day of the month and a day of the week, which Velero would want to fit both",
    schedule({ schedule: "0 3 1-7 * 1" }),
    ["veleroSchedules"],
  ],
  ["a day that no month has, with a day of the week", schedule({ schedule: "0 0 30 2 fri" }), ["veleroSchedules"]],
  ["steps of days with a day of the week", schedule({ schedule: "0 3 */2 * mon" }), ["veleroSchedules"]],
  ["an interval of seconds", schedule({ schedule: "@every 299s" }), ["veleroSchedules"]],
  ["a retention that is shorter than the gap between two backups", schedule({ schedule: "@yearly" }), ["veleroSchedules"]],
  ["two schedules with the same name", { veleroSchedules: [daily, daily] }, ["veleroSchedules"]],
  ["a name with capitals", { veleroSchedules: [{ name: "Daily" }] }, ["veleroSchedules"]],
  ["a name that leaves no room for the time of a backup", { veleroSchedules: [{ name: "a".repeat(41) }] }, ["veleroSchedules"]],
  ["a retention of zero", schedule({ retentionDays: 0 }), ["veleroSchedules"]],
  ["a pattern that Velero refuses", schedule({ includedNamespaces: ["team-**"] }), ["veleroSchedules"]],
  ["a choice of namespaces in braces", schedule({ includedNamespaces: ["{a,b}"] }), ["veleroSchedules"]],
  ["no namespaces", schedule({ excludedNamespaces: ["*"] }), ["veleroSchedules"]],
  ["a namespace that is included and excluded", schedule({ includedNamespaces: ["a"], excludedNamespaces: ["a"] }), ["veleroSchedules"]],
  ["all namespaces and another one", schedule({ includedNamespaces: ["*", "a"] }), ["veleroSchedules"]],
  ["a KMS key without a schedule", { veleroKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" }, ["veleroKmsKeyArn"]],
  ["a KMS key of another region", { ...schedule({}), veleroKmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" }, ["veleroKmsKeyArn"]],
  [
    "volumes in a cluster without the driver of EBS volumes",
    { ...schedule({ volumes: true }), baselineCapabilitySet: "None", additionalEnabledCapabilities: [...NEEDED, "CSISnapshot"] },
    ["veleroSchedules"],
  ],
  ["a read-only location without a schedule", { veleroReadOnlyLocations: [prod] }, ["veleroReadOnlyLocations"]],
  ["a read-only location with the name of the own one", locations({ name: "default" }), ["veleroReadOnlyLocations"]],
  ["two read-only locations with the same name", { ...schedule({}), veleroReadOnlyLocations: [prod, prod] }, ["veleroReadOnlyLocations"]],
  ["a URL as the bucket of a location", locations({ bucket: "s3://prod-velero" }), ["veleroReadOnlyLocations"]],
  ["a folder with a slash at its end", locations({ prefix: "velero/" }), ["veleroReadOnlyLocations"]],
  ["a folder that leads out of its folder", locations({ prefix: "a/.." }), ["veleroReadOnlyLocations"]],
  ["a folder that is a pattern in a policy", locations({ prefix: "*" }), ["veleroReadOnlyLocations"]],
  ["a location's zone as its region", locations({ region: "us-east-1a" }), ["veleroReadOnlyLocations"]],
  ["a location's key in another region than its bucket", locations({ region: "eu-west-1", kmsKeyArn: KEY }), ["veleroReadOnlyLocations"]],
  ["infra nodes that do not exist", { ...schedule({}), veleroOnInfraNodes: true, infraCount: 0 }, ["veleroOnInfraNodes"]],
];

testRefusals(REFUSED);

test.each(["0 3 */1 * mon", "0 3 ? * mon-fri", "0 3 1 * *", "0 3 1 * 0-6", "@every 5m", "@weekly"])(
  "the schedule %s is accepted",
  (text) => {
    expect(problemsOf(withKeys(schedule({ schedule: text, retentionDays: 31 })))).toEqual([]);
  },
);

describe("Velero on OpenShift", () => {
  const oadp = (fields: object = {}) => ({
    name: "redhat-oadp-operator",
    namespace: "openshift-adp",
    source: "redhat-operators",
    channel: "stable",
    startingCSV: "oadp-operator.v1.5.2",
    targetNamespaces: ["openshift-adp"],
    ...fields,
  });
  const problems = (keys: object) =>
    problemsOf(withKeys({ ...OPENSHIFT, veleroSchedules: [daily], ...keys })).map(({ key, wrong, fix }) => [key, `${wrong}; ${fix}`]);

  test("a schedule needs the operator OADP, and the problem has the entry to add", () => {
    expect(problems({})).toEqual([
      ["veleroSchedules", expect.stringMatching(/redhat-oadp-operator or oadp-operator.*openshift-adp.*oadp-operator\.v1\.5\.0/)],
    ]);
  });

  test.each([oadp(), oadp({ name: "oadp-operator", source: "community-operators", channel: "alpha" })])(
    "a schedule with the operator $name is accepted",
    (entry) => {
      expect(problems({ operators: [entry] })).toEqual([]);
    },
  );

  test.each<[string, object, string]>([
    ["another namespace", { namespace: "backups", targetNamespaces: ["backups"] }, "namespace is backups"],
    ["all namespaces", { targetNamespaces: [] }, "targetNamespaces is []"],
    [
      "the version of OADP for another release",
      { startingCSV: "oadp-operator.v1.6.0" },
      "startingCSV is oadp-operator.v1.6.0, but OpenShift 4.19 needs OADP 1.5",
    ],
    ["the channel of OADP for another release", { channel: "stable-1.3" }, "channel is stable-1.3, but OpenShift 4.19 needs OADP 1.5"],
  ])("an operator with %s is refused", (_, fields, message) => {
    expect(problems({ operators: [oadp(fields)] })).toEqual([["operators", expect.stringContaining(message)]]);
  });

  test("the OADP of an earlier release is accepted with a warning, because OADP is updated after the cluster", () => {
    const older = oadp({ channel: "stable-1.4", startingCSV: "oadp-operator.v1.4.4" });
    expect(problems({ operators: [older] })).toEqual([]);
    const warnings = (entry: object) =>
      checkConfiguration(withKeys({ ...OPENSHIFT, operators: [entry], veleroSchedules: [daily] })).warnings.map(({ text }) => text);
    expect(warnings(older)).toEqual(["OADP 1.4 does not support OpenShift 4.19, which needs OADP 1.5."]);
    expect(warnings(oadp())).toEqual([]);
  });

  test("the version of OADP is taken from the channel if there is no startingCSV", () => {
    const older = oadp({ channel: "stable-1.4", startingCSV: undefined });
    expect(configuredOadp(minorOf("4.19.3"), [older] as never)?.version).toBe("1.4");
  });

  test.each<[string, string, string]>([
    ["4.14.1", "1.4", "1.14"],
    ["4.18.9", "1.4", "1.14"],
    ["4.19.3", "1.5", "1.16"],
    ["4.21.0", "1.5", "1.16"],
    ["4.22.9", "1.6", "1.18"],
  ])("OpenShift %s has OADP %s with Velero %s", (release, version, velero) => {
    expect(oadpFor(minorOf(release))).toMatchObject({ version, velero });
  });

  test.each(["4.13.1", "4.23.0", "5.0.0"])("%s has no OADP, so a schedule is refused", (release) => {
    expect(oadpMatchesTheRelease.check({ veleroSchedules: [daily], release, operators: [] } as never)).toEqual([
      expect.objectContaining({ key: "veleroSchedules", allowed: "schedules on OpenShift 4.14 to 4.22, or on OKD" }),
    ]);
  });

  test("a pattern such as shop-* in includedNamespaces is refused before Velero 1.18, because older versions would back up nothing", () => {
    const included = { veleroSchedules: [{ name: "shop", includedNamespaces: ["shop", "shop-*"] }] };
    expect(problems({ operators: [oadp()], ...included })).toEqual([
      ["veleroSchedules", expect.stringContaining("Velero 1.16 in OADP 1.5")],
    ]);
    const newer = { release: "4.22.9", operators: [oadp({ startingCSV: "oadp-operator.v1.6.0" })] };
    expect(problems({ ...newer, ...included })).toEqual([]);
    expect(
      problems({ operators: [oadp()], veleroSchedules: [{ name: "all", includedNamespaces: ["*"], excludedNamespaces: ["test-*"] }] }),
    ).toEqual([]);
  });

  test("a ? in excludedNamespaces is refused before Velero 1.18, because older versions would refuse each backup", () => {
    const excluded = { veleroSchedules: [{ name: "all", excludedNamespaces: ["team-?"] }] };
    expect(problems({ operators: [oadp()], ...excluded })).toEqual([
      ["veleroSchedules", expect.stringContaining("excludes the pattern team-?, but Velero 1.16")],
    ]);
    const newer = { release: "4.22.9", operators: [oadp({ startingCSV: "oadp-operator.v1.6.0" })] };
    expect(problems({ ...newer, ...excluded })).toEqual([]);
  });

  test("a read-only location gets a warning in a cluster that can't restore snapshots", () => {
    const keys = { ...OPENSHIFT, operators: [oadp()], ...locations({}), baselineCapabilitySet: "None" };
    const texts = (additionalEnabledCapabilities: readonly string[]) =>
      checkConfiguration(withKeys({ ...keys, additionalEnabledCapabilities })).warnings.map(({ text }) => text);
    const capabilities = [...NEEDED, "OperatorLifecycleManager", "marketplace"];
    expect(texts([...capabilities, "Storage"]).join()).toContain("lacks the capabilities CSISnapshot, so the volumes");
    expect(texts([...capabilities, "Storage", "CSISnapshot"]).join()).not.toContain("lacks the capabilities");
  });

  test("with OADP, a proxy with its own CA gives a warning, because OADP does not pass the CA on to Velero", () => {
    const settings = { veleroSchedules: [daily], httpsProxy: "http://proxy.example.com:3128", distribution: "openshift" };
    const texts = (additionalTrustBundle: string) => oadpDoesNotTrustTheProxysCa.check({ ...settings, additionalTrustBundle } as never);
    expect([texts("").length, texts("-----BEGIN CERTIFICATE-----").length]).toEqual([0, 1]);
  });

  test("with OADP, a proxy gives no warning, because OLM passes the proxy's settings to the operator", () => {
    const keys = { ...OPENSHIFT, operators: [oadp()], veleroSchedules: [daily], httpsProxy: "http://proxy.example.com:3128" };
    expect(checkConfiguration(withKeys(keys)).warnings.map(({ key }) => key)).not.toContain("veleroSchedules");
  });
});

test.each([{}, { kmsKeyArn: KEY, prefix: "clusters/prod" }, { region: "eu-west-1" }])(
  "a read-only location with %j is accepted",
  (fields) => {
    expect(problemsOf(withKeys(locations(fields)))).toEqual([]);
  },
);

test("schedules in a cluster with a proxy give a warning, because Velero does not use the proxy", () => {
  const proxy = { httpsProxy: "http://proxy.example.com:3128" };
  const keysOf = (keys: object) => checkConfiguration(withKeys({ ...keys })).warnings.map(({ key }) => key);
  expect(keysOf({ veleroSchedules: [daily], ...proxy })).toEqual(["veleroSchedules"]);
  expect([...keysOf(proxy), ...keysOf({ veleroSchedules: [daily] })]).toEqual([]);
});
