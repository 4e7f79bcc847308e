/** The settings of Velero's backups. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { velero } from "../../../../config/velero/settings";
import type { Settings } from "../../../../config/schema";
import { problemKeys } from "../fixture";

const defaults: Partial<Settings> = {
  veleroKmsKeyArn: "",
  veleroKeepBucket: true,
  veleroOnInfraNodes: false,
  infraCount: 0,
  veleroReadOnlyLocations: [],
  veleroRepositoryPassword: "",
  operators: [],
  distribution: "okd",
  release: "4.19.0-okd-scos.1",
  baselineCapabilitySet: "",
  additionalEnabledCapabilities: [],
};
const settings = (veleroSchedules: Settings["veleroSchedules"], more: Partial<Settings> = {}) =>
  velero({ ...defaults, ...more, veleroSchedules } as Settings, "us-east-1");

test("without a schedule there is no Velero", () => {
  expect(settings([])).toBeUndefined();
});

test("a schedule with only a name backs up everything except the platform and Velero, every night, and keeps each backup for 30 days", () => {
  expect(settings([{ name: "daily" }])).toEqual({
    namespace: "velero",
    readOnlyLocations: [],
    locationMetric: true,
    keepBucket: true,
    snapshots: true,
    schedules: [
      {
        name: "daily",
        cron: "0 3 * * *",
        retentionDays: 30,
        includedNamespaces: [],
        excludedNamespaces: ["openshift", "openshift-*", "kube-*", "velero"],
        clusterResources: true,
        volumes: false,
        fileSystemBackup: false,
      },
    ],
  });
});

test("the password of the repositories stays secret in the settings", () => {
  const found = settings([{ name: "daily" }], { veleroRepositoryPassword: "only-in-this-test" });
  expect(found?.repositoryPassword?.reveal()).toBe("only-in-this-test");
  expect(JSON.stringify(found)).not.toContain("only-in-this-test");
});

test("a schedule with includedNamespaces backs up only these, and not all cluster-scoped objects", () => {
  const [schedule] = settings([{ name: "shop", includedNamespaces: ["shop-*"], excludedNamespaces: ["shop-test"] }])?.schedules ?? [];
  expect(schedule).toMatchObject({ includedNamespaces: ["shop-*"], clusterResources: false });
  expect(schedule.excludedNamespaces).toContain("shop-test");
});

test.each<[included: string[], excluded: string[]]>([
  [["*"], ["openshift", "openshift-*", "kube-*", "velero"]],
  [["*-prod"], ["openshift", "openshift-*", "kube-*", "velero"]],
  [
    ["openshift-config", "team-*"],
    ["openshift", "kube-*", "velero"],
  ],
  [["openshift-config", "shop"], []],
])("a schedule that includes %j excludes %j", (includedNamespaces, excluded) => {
  expect(settings([{ name: "daily", includedNamespaces }])?.schedules[0].excludedNamespaces).toEqual(excluded);
});

test.each([
  ["4.19.3", "1.5", false],
  ["4.22.9", "1.6", true],
])(
  "on OpenShift %s, OADP %s runs Velero in openshift-adp; Velero has a metric of its locations: %s",
  (release, version, locationMetric) => {
    const found = settings([{ name: "daily" }], { distribution: "openshift", release });
    expect(found).toMatchObject({ namespace: "openshift-adp", oadp: { version }, locationMetric });
    expect(found?.schedules[0].excludedNamespaces).toEqual(["openshift", "openshift-*", "kube-*", "openshift-adp"]);
  },
);

test("a read-only location is in the cluster's region, unless it names another", () => {
  const locations = [
    { name: "prod", bucket: "prod-velero" },
    { name: "old", bucket: "old-velero", region: "eu-west-1", prefix: "velero" },
  ];
  expect(settings([{ name: "daily" }], { veleroReadOnlyLocations: locations })?.readOnlyLocations).toEqual([
    { name: "prod", bucket: "prod-velero", region: "us-east-1" },
    locations[1],
  ]);
});

test("the configured excludedNamespaces are added to the platform's namespaces, which every schedule excludes", () => {
  const [schedule] = settings([{ name: "daily", excludedNamespaces: ["scratch"] }])?.schedules ?? [];
  expect(schedule.excludedNamespaces).toEqual(["openshift", "openshift-*", "kube-*", "velero", "scratch"]);
});

test("snapshots are enabled exactly if the cluster has the capability CSISnapshot, whatever the schedules are", () => {
  const reduced = { baselineCapabilitySet: "v4.11" as const };
  const schedules = [{ name: "daily" }];
  expect(settings(schedules, reduced)?.snapshots).toBe(false);
  expect(settings(schedules, { ...reduced, additionalEnabledCapabilities: ["CSISnapshot"] })?.snapshots).toBe(true);
});

test("Velero's pod is placed on infra nodes only with veleroOnInfraNodes", () => {
  expect(settings([{ name: "daily" }], { infraCount: 1 })?.placement).toBeUndefined();
  expect(settings([{ name: "daily" }], { infraCount: 1, veleroOnInfraNodes: true })?.placement?.nodeSelector).toEqual({
    "node-role.kubernetes.io/infra": "",
  });
});

test("the example of docs/velero.md is a valid configuration", () => {
  const guide = readFileSync(join(__dirname, "../../../../docs/velero.md"), "utf8");
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const { config } = load(example) as { config: Record<string, unknown> };
  const keys = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("okd-aws:", ""), value]));
  expect(keys).toHaveProperty("veleroSchedules");
  expect(problemKeys(keys)).toEqual([]);
});
