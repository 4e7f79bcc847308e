/** Settings for copies of files: problems, warnings, and the node agent's requests. */
import { checkConfiguration } from "../../../../config/parse";
import { veleroDemands } from "../../../../config/velero/settings";
import { OPENSHIFT, problemsOf, withKeys } from "../fixture";
import { testRefusals } from "../refusals";

const files = { veleroSchedules: [{ name: "shop", fileSystemBackup: true }] };
const veleroRepositoryPassword = "only-in-this-test";
const withPassword = { ...files, veleroRepositoryPassword };

testRefusals([
  ["copies of files without a password", files, ["veleroRepositoryPassword"]],
  ["a password without a schedule", { veleroRepositoryPassword }, ["veleroRepositoryPassword"]],
  ["Velero's own password, which is public", { ...files, veleroRepositoryPassword: "static-passw0rd" }, ["veleroRepositoryPassword"]],
  ["a short password", { ...files, veleroRepositoryPassword: "a".repeat(15) }, ["veleroRepositoryPassword"]],
  [
    "a password with the line break of its file",
    { ...files, veleroRepositoryPassword: `${"a".repeat(20)}\n` },
    ["veleroRepositoryPassword"],
  ],
]);

test("copies of files with a password are accepted", () => {
  expect(problemsOf(withKeys(withPassword))).toEqual([]);
});

test("the messages about a password do not show it", () => {
  const short = "secret-of-mine";
  expect(JSON.stringify(problemsOf(withKeys({ ...files, veleroRepositoryPassword: short })))).not.toContain(short);
});

const oadpEntry = (version: string) => ({
  name: "redhat-oadp-operator",
  namespace: "openshift-adp",
  source: "redhat-operators",
  channel: version === "1.4.0" ? "stable-1.4" : "stable",
  startingCSV: `oadp-operator.v${version}`,
  targetNamespaces: ["openshift-adp"],
});
const warnings = (keys: object) =>
  checkConfiguration(withKeys({ ...withPassword, ...keys }))
    .warnings.filter(({ key }) => key === "veleroRepositoryPassword")
    .map(({ text }) => text);

test("credentials mode manual gives a warning, because the session of Velero's role ends after an hour", () => {
  const manual = { credentialsMode: "manual" };
  expect([warnings({}), warnings(manual), warnings({ ...manual, veleroSchedules: [{ name: "shop" }] })]).toEqual([
    [],
    [expect.stringContaining("takes more than an hour")],
    [expect.stringContaining("takes more than an hour")],
  ]);
});

test.each([
  ["4.18.9", "1.4.0", []],
  ["4.19.3", "1.5.2", []],
  ["4.22.9", "1.6.0", [expect.stringContaining("OADP 1.6")]],
])("on OpenShift %s with OADP %s, these warnings are about copies of files: %j", (release, version, expected) => {
  expect(warnings({ ...OPENSHIFT, release, operators: [oadpEntry(version)] })).toEqual(expected);
});

test.each([
  ["4.18.9", "1.4.0", "ca-west-1", true],
  ["4.19.3", "1.5.2", "ca-west-1", false],
  ["4.19.3", "1.5.2", "mx-central-1", true],
  ["4.22.9", "1.6.0", "mx-central-1", false],
  ["4.22.9", "1.6.0", "ap-southeast-6", true],
  ["4.19.3", "1.5.2", "eu-west-1", false],
])("on OpenShift %s with OADP %s, a warning says that kopia does not know %s: %s", (release, version, region, expected) => {
  const keys = { ...OPENSHIFT, release, operators: [oadpEntry(version)] };
  const elsewhere = { ...keys, veleroReadOnlyLocations: [{ name: "prod", bucket: "prod-x7k2q-velero", region }] };
  const about = (texts: readonly string[]) => texts.some((text) => text.includes(`a bucket in ${region}`));
  expect(about(warnings(elsewhere))).toBe(expected);
  expect(about(warnings(keys))).toBe(false);
});

test("on OKD kopia knows all regions except the newest", () => {
  const location = (region: string) => warnings({ veleroReadOnlyLocations: [{ name: "prod", bucket: "prod-x7k2q-velero", region }] });
  expect([location("mx-central-1"), location("ap-southeast-6")]).toEqual([[], [expect.stringContaining("Velero 1.18")]]);
});

describe("the node agent requests CPU and memory", () => {
  const nodes = { veleroOnInfraNodes: false, infraCount: 3, workerCount: 5, masterCount: 3 };
  const demands = (keys: object) =>
    veleroDemands({ ...nodes, veleroSchedules: [{ name: "shop" }], veleroRepositoryPassword, ...keys })
      .filter(({ consumer }) => consumer.includes("agent"))
      .map((demand) => [demand.nodes, demand.pods, demand.cpuMillis, demand.memoryMib]);

  test("on every worker and every infra node", () => {
    expect(demands({})).toEqual([
      ["worker", 5, 100, 128],
      ["infra", 3, 100, 128],
    ]);
  });

  test("on the control plane nodes if there are no workers", () => {
    expect(demands({ workerCount: 0, infraCount: 0 })).toEqual([["worker", 3, 100, 128]]);
  });

  test("only with a password and a schedule", () => {
    expect([demands({ veleroRepositoryPassword: "" }), demands({ veleroSchedules: [] })]).toEqual([[], []]);
  });
});
