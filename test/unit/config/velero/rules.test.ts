/** Settings of Velero that are refused, and the keys that the error names. */
import { checkConfiguration } from "../../../../config/parse";
import { problemsOf, withKeys } from "../fixture";
import { type RefusedConfiguration, testRefusals } from "../refusals";

const daily = { name: "daily" };
/** Capabilities without which the configuration has other problems. */
const NEEDED = ["CloudControllerManager", "CloudCredential", "Ingress"];
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
  ["infra nodes that do not exist", { ...schedule({}), veleroOnInfraNodes: true, infraCount: 0 }, ["veleroOnInfraNodes"]],
];

testRefusals(REFUSED);

test.each(["0 3 */1 * mon", "0 3 ? * mon-fri", "0 3 1 * *", "0 3 1 * 0-6", "@every 5m", "@weekly"])(
  "the schedule %s is accepted",
  (text) => {
    expect(problemsOf(withKeys(schedule({ schedule: text, retentionDays: 31 })))).toEqual([]);
  },
);

test("a schedule on OpenShift is refused with one problem, which names OADP", () => {
  const openshift = {
    release: "4.19.0",
    pullSecret: '{"auths":{"quay.io":{"auth":"YTpi"}}}',
    veleroSchedules: [daily],
    veleroKeepBucket: false,
  };
  const problems = problemsOf(withKeys(openshift)).filter(({ key }) => key.startsWith("velero"));
  expect(problems.map(({ key, wrong }) => [key, wrong])).toEqual([["veleroSchedules", expect.stringContaining("OADP")]]);
});

test("schedules in a cluster with a proxy give a warning, because Velero does not use the proxy", () => {
  const proxy = { httpsProxy: "http://proxy.example.com:3128" };
  const keysOf = (keys: object) => checkConfiguration(withKeys({ ...keys })).warnings.map(({ key }) => key);
  expect(keysOf({ veleroSchedules: [daily], ...proxy })).toEqual(["veleroSchedules"]);
  expect([...keysOf(proxy), ...keysOf({ veleroSchedules: [daily] })]).toEqual([]);
});
