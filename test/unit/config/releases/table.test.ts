/** The table of releases: its versions, rows and sources, and the warnings that it causes. */
import { CAPABILITY_NAMES, enabledCapabilities } from "../../../../config/capabilities";
import { checkConfiguration } from "../../../../config/parse";
import { CURRENT } from "../../../../config/releases/current";
import { BASELINE_SETS } from "../../../../config/releases/capability-sets";
import { bootImages, capabilitiesOf, componentActions, factsUsed, masterActions, ocMirrorFor } from "../../../../config/releases/facts";
import { compareMinors, isAtLeast, minorNamed, minorName } from "../../../../config/releases/minor";
import { NEWEST, oldestOf, releasedRows, TABLE } from "../../../../config/releases/table";
import { parseVersion } from "../../../../config/releases/version";
import { OPENSHIFT, problemsOf, withKeys } from "../fixture";

const warningsOf = (changes: Readonly<Record<string, unknown>>) => checkConfiguration(withKeys(changes)).warnings.map(({ text }) => text);

describe("a version", () => {
  test.each([
    ["4.22.0-okd-scos.7", "okd", "4.22", "final"],
    ["4.16.0-0.okd-scos-2024-08-21-155613", "okd", "4.16", "final"],
    ["4.20.0-okd-scos.ec.9", "okd", "4.20", "ec"],
    ["4.19.0-okd-scos.rc.1", "okd", "4.19", "rc"],
    ["5.0.0-okd-scos.ec.8", "okd", "5.0", "ec"],
    ["4.22.9", "openshift", "4.22", "final"],
    ["5.0.0", "openshift", "5.0", "final"],
    ["5.0.0-ec.6", "openshift", "5.0", "ec"],
    ["4.22.0-rc.5", "openshift", "4.22", "rc"],
    ["4.22.0-0.nightly-2026-03-01-012345", "openshift", "4.22", "nightly"],
    ["4.22.0-0.nightly-arm64-2026-03-01-012345", "openshift", "4.22", "nightly"],
    ["4.22.0-0.konflux-nightly-2026-03-01-012345", "openshift", "4.22", "nightly"],
    ["4.22.0-0.ci-2026-03-01-012345", "openshift", "4.22", "nightly"],
  ])("%s belongs to %s %s, stage %s", (text, distribution, minor, stage) => {
    expect(parseVersion(text)).toEqual({ distribution, minor: minorNamed(minor), stage });
  });

  test.each([
    "4.22",
    "v4.22.9",
    "4.22.9-okd",
    "4.15.0-0.okd-2024-03-10-010116",
    "4.22.0-okd-scos",
    "4.22.9 ",
    "latest",
    "4..1",
    "4.22.0-beta.1",
  ])("is not parsed from %s", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test("is ordered by major and minor number, not as text", () => {
    const names = ["4.9", "4.14", "4.22", "4.23", "5.0", "5.1", "10.0"];
    expect(names.map(minorNamed).sort(compareMinors).map(minorName)).toEqual(names);
    expect([isAtLeast(minorNamed("5.0"), "4.22"), isAtLeast(minorNamed("4.9"), "4.14")]).toEqual([true, false]);
  });
});

describe("the table of releases", () => {
  test("has a row for each minor release of both distributions, in order, up to the newest", () => {
    const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
    expect(names(releasedRows("openshift"))).toEqual(["4.14", "4.15", "4.16", "4.17", "4.18", "4.19", "4.20", "4.21", "4.22"]);
    expect(names(releasedRows("okd"))).toEqual(["4.16", "4.17", "4.18", "4.19", "4.20", "4.21", "4.22"]);
    expect([oldestOf("openshift"), oldestOf("okd"), NEWEST]).toEqual(["4.14", "4.16", "4.22"]);
    expect(names(TABLE)).toEqual([...names(TABLE)].sort((one, other) => compareMinors(minorNamed(one), minorNamed(other))));
  });

  test("names a source for each entry, and for an unverified entry the reason", () => {
    for (const { name } of TABLE) {
      for (const distribution of ["okd", "openshift"] as const) {
        for (const { subject, source } of factsUsed(distribution, minorNamed(name))) {
          const { repository, file, branch, unverified } = source;
          expect([subject, repository !== "" && file !== "" && branch !== ""]).toEqual([subject, true]);
          if (unverified !== undefined) expect(unverified).toMatch(/^[A-Z].*\.$/);
        }
      }
    }
  });

  test("lists no capability and no IAM action twice", () => {
    for (const all of [CAPABILITY_NAMES, masterActions(minorNamed("99.0")), componentActions(minorNamed("99.0"))]) {
      expect([...new Set(all)]).toEqual(all);
    }
  });

  // openshift/api, config/v1/types_cluster_version.go: ClusterVersionCapabilitySets, release-4.14 to release-5.0.
  test.each([
    ["4.14", "v4.11", ["MachineAPI", "baremetal", "marketplace", "openshift-samples"]],
    [
      "4.14",
      "v4.13",
      ["CSISnapshot", "Console", "Insights", "MachineAPI", "NodeTuning", "Storage", "baremetal", "marketplace", "openshift-samples"],
    ],
    ["4.22", "None", []],
  ] as const)("says that release %s with the capability set %s enables %j", (minor, set, parts) => {
    expect([...enabledCapabilities(minorNamed(minor), set, [])].sort()).toEqual(parts);
  });

  test.each([
    ["4.14", 12],
    ["4.15", 14],
    ["4.16", 16],
    ["4.17", 16],
    ["4.18", 17],
    ["4.22", 17],
    ["4.23", 19],
    ["5.0", 19],
  ])("has for %s %i capabilities, all of them in vCurrent", (name, count) => {
    const minor = minorNamed(name);
    expect(capabilitiesOf(minor)).toHaveLength(count);
    expect([...enabledCapabilities(minor, "vCurrent", [])]).toEqual(capabilitiesOf(minor));
  });

  test("has the IAM actions that 4.22 added to the roles", () => {
    const added = (actions: typeof masterActions) =>
      actions(minorNamed("4.22")).filter((action) => !actions(minorNamed("4.21")).includes(action));
    expect(added(masterActions)).toEqual(["elasticloadbalancing:SetSecurityGroups"]);
    expect(added(componentActions)).toEqual(["ec2:AllocateHosts", "ec2:ReleaseHosts"]);
  });

  test("lists the baseline capability sets in the order of their releases", () => {
    const numbered = BASELINE_SETS.slice(1, -1).map((set) => minorNamed(set.slice(1)));
    expect([...numbered].sort(compareMinors)).toEqual(numbered);
  });
});

describe("a release that is newer than the table", () => {
  test.each([
    { release: "4.23.0-okd-scos.0" },
    { release: "5.0.0-okd-scos.1" },
    { ...OPENSHIFT, release: "4.23.1" },
    { ...OPENSHIFT, release: "5.1.0" },
  ])("is accepted with a warning: %j", (keys) => {
    expect(problemsOf(withKeys(keys))).toEqual([]);
    expect(warningsOf(keys)).toEqual([expect.stringContaining("This program knows releases up to 4.22.")]);
  });

  test("gets the boot images and oc-mirror of the last row", () => {
    for (const distribution of ["okd", "openshift"] as const) {
      expect(bootImages(distribution, minorNamed("5.0"))).toEqual(bootImages(distribution, minorNamed("4.22")));
    }
    expect(ocMirrorFor(minorNamed("5.0"))).toBe("4.22");
  });
});

describe("an unverified fact about a release", () => {
  test.each([
    [{ release: "4.18.0-okd-scos.9" }, "The boot images of OKD 4.18 are unverified. Fedora CoreOS 39 of November 2023"],
    [
      { ...OPENSHIFT, release: "4.16.3" },
      "The boot images of OpenShift 4.16 are unverified. The stream file of this release could not be read",
    ],
  ])("is a warning if the configuration uses it: %j", (keys, text) => {
    expect(warningsOf(keys)).toEqual([expect.stringContaining(text)]);
  });

  test("about a region gives a warning in that region only", () => {
    const inRegion = (region: string) => warningsOf({ ...OPENSHIFT, release: "4.21.3", "aws:region": region, zones: [`${region}a`] });
    expect(inRegion("ap-southeast-6")).toEqual([
      expect.stringContaining("could not be verified whether an AMI of OpenShift 4.21 is published in ap-southeast-6"),
    ]);
    expect(inRegion("eu-central-1")).toEqual([]);
  });

  test("is not used by the current releases", () => {
    expect(warningsOf({ release: CURRENT.okd })).toEqual([]);
    expect(warningsOf({ ...OPENSHIFT, release: CURRENT.openshift })).toEqual([]);
  });
});
