import { parseArn } from "../../lib/aws/arn";
import { longestGapMinutes } from "../cron";
import { hasCapability } from "../enabled-capability";
import { neededOperator, neededOperatorProblems } from "../operators/needed-operator";
import { partitionOf } from "../partition";
import { type KeyProblem, removeCommand, setCommand, setItemCommand } from "../problem";
import { minorName } from "../releases/minor";
import { parseVersion } from "../releases/version";
import { rule } from "../rule";
import type { Settings } from "../schema";
import type { Warning } from "../warning";
import { configuredOadp, knowsPatterns, type Oadp, OADP_RELEASES, oadpBefore, oadpFor, oadpOperator, versionInCsv } from "./oadp";
import { DEFAULT_CRON, DEFAULT_RETENTION_DAYS, VOLUME_CAPABILITIES } from "./settings";

/** On OpenShift, the operator OADP runs Velero: only in releases that it supports, and only if `operators` lists it. */
export const veleroHasItsOperator = rule(["veleroSchedules", "release", "operators"], ({ veleroSchedules, release, operators }) => {
  const version = parseVersion(release);
  if (veleroSchedules.length === 0 || version?.distribution !== "openshift") return [];
  const oadp = oadpFor(version.minor);
  if (oadp === undefined)
    return [
      {
        key: "veleroSchedules",
        wrong: `is set, but ${release} has no matching version of the operator OADP, with which Velero comes on OpenShift`,
        allowed: `schedules on OpenShift ${OADP_RELEASES}, or on OKD`,
        fix: removeCommand("veleroSchedules"),
      },
    ];
  const needed = oadpOperator(oadp);
  const entry = neededOperator(operators, needed);
  return [
    ...neededOperatorProblems("veleroSchedules", operators, needed),
    ...(entry ? versionProblems(entry, operators.indexOf(entry), minorName(version.minor), oadp) : []),
  ];
});

/**
 * Problems of an entry of `operators` with another version of OADP than the release needs. The version before is allowed: OADP is updated after the
 * release (OpenShift documentation, "Upgrading OADP 1.4 to 1.5").
 */
function versionProblems(
  { name, channel, startingCSV = "" }: Settings["operators"][number],
  index: number,
  release: string,
  oadp: Oadp,
): KeyProblem[] {
  const accepted: readonly string[] = [oadp, oadpBefore(oadp)].flatMap((each) => each?.version ?? []);
  const named = [
    ["startingCSV", startingCSV, versionInCsv(startingCSV)],
    ["channel", channel, /^stable-(\d+\.\d+)$/.exec(channel)?.[1]],
  ] as const;
  return named
    .filter(([, , version]) => version !== undefined && !accepted.includes(version))
    .map(([field, value]) => ({
      key: "operators",
      wrong: `item ${index + 1} (${name}): ${field} is ${value}, but OpenShift ${release} needs OADP ${oadp.version}`,
      allowed: `OADP ${oadp.version}, in Red Hat's catalog in the channel ${oadp.channel}`,
      fix: `set its ${field} to one of OADP ${oadp.version}`,
    }));
}

export const oadpFitsTheRelease = rule<"veleroSchedules" | "release" | "operators", Warning>(
  ["veleroSchedules", "release", "operators"],
  ({ veleroSchedules, release, operators }) => {
    const version = parseVersion(release);
    if (veleroSchedules.length === 0 || version?.distribution !== "openshift") return [];
    const [needed, configured] = [oadpFor(version.minor), configuredOadp(version.minor, operators)];
    if (needed === undefined || configured?.version === needed.version) return [];
    return [
      {
        key: "operators",
        text: `OADP ${configured?.version ?? ""} does not support OpenShift ${minorName(version.minor)}, which needs OADP ${needed.version}.`,
        fix: `as soon as the cluster runs ${release}, set its channel to ${needed.channel} and its startingCSV to a version ${needed.version}`,
      },
    ];
  },
);

/** An older Velero reads such a pattern as the name of a namespace, and backs nothing up (vmware-tanzu/velero, `pkg/backup/item_collector.go`, release-1.16: getNamespacesToList). */
export const patternsNeedVelero = rule(["veleroSchedules", "release", "operators"], ({ veleroSchedules, release, operators }) => {
  const version = parseVersion(release);
  const oadp = version?.distribution === "openshift" ? configuredOadp(version.minor, operators) : undefined;
  if (oadp === undefined || knowsPatterns(oadp)) return [];
  return veleroSchedules.flatMap(({ name, includedNamespaces = [] }, index) => {
    const pattern = includedNamespaces.find((each) => each !== "*" && /[*?]/.test(each));
    if (pattern === undefined) return [];
    return [
      {
        key: "veleroSchedules",
        wrong: `item ${index + 1} (${name}) includes the pattern ${pattern}, which Velero ${oadp.velero} in OADP ${oadp.version} does not know: it would back nothing up`,
        allowed: "whole names in includedNamespaces; patterns in excludedNamespaces",
        fix: "name each namespace, or leave includedNamespaces out and exclude the others",
      },
    ];
  });
});

export const veleroSettingsNeedSchedules = rule(
  ["veleroSchedules", "veleroKmsKeyArn", "veleroOnInfraNodes", "veleroReadOnlyLocations"],
  ({ veleroSchedules, veleroKmsKeyArn, veleroOnInfraNodes, veleroReadOnlyLocations }) => {
    if (veleroSchedules.length > 0) return [];
    const set = Object.entries({
      veleroKmsKeyArn: veleroKmsKeyArn !== "",
      veleroOnInfraNodes,
      veleroReadOnlyLocations: veleroReadOnlyLocations.length > 0,
    });
    return set
      .filter(([, isSet]) => isSet)
      .map(([key]) => ({
        key,
        wrong: "is set, but veleroSchedules has no schedule",
        fix: `${setCommand("veleroSchedules", '[{"name": "daily"}]')}, or ${removeCommand(key)}`,
      }));
  },
);

/** S3 encrypts a bucket only with a key of its region. */
export const locationKeysAreInTheirRegion = rule(["veleroReadOnlyLocations", "region"], ({ veleroReadOnlyLocations, region: own }) =>
  veleroReadOnlyLocations.flatMap(({ name, region = own, kmsKeyArn = "" }, index) => {
    const arn = parseArn(kmsKeyArn);
    if (!arn || (arn.region === region && arn.partition === partitionOf(region).name)) return [];
    return [
      {
        key: "veleroReadOnlyLocations",
        wrong: `item ${index + 1} (${name}): kmsKeyArn is a key in ${arn.region}, but the bucket is in ${region}`,
        allowed: `a key in ${region}`,
        fix: "set the region of the bucket, or the key that encrypts it",
      },
    ];
  }),
);

/** Velero refuses such a backup (vmware-tanzu/velero, `pkg/util/collections/includes_excludes.go`: ValidateIncludesExcludes, release-1.18). */
export const schedulesIncludeWhatTheySay = rule(["veleroSchedules"], ({ veleroSchedules }) =>
  veleroSchedules.flatMap(({ name, includedNamespaces = [], excludedNamespaces = [] }, index) => {
    const item = `item ${index + 1} (${name})`;
    const both = includedNamespaces.filter((each) => excludedNamespaces.includes(each));
    if (both.length > 0)
      return [
        { key: "veleroSchedules", wrong: `${item} includes and excludes ${both.join(", ")}`, fix: "remove it from one of the two lists" },
      ];
    if (includedNamespaces.length > 1 && includedNamespaces.includes("*"))
      return [{ key: "veleroSchedules", wrong: `${item} includes * and single namespaces`, fix: "keep * or the single namespaces" }];
    return [];
  }),
);

/** Without these capabilities the cluster has neither the kinds of snapshots nor the driver of EBS volumes. */
export const volumesNeedTheirCapabilities = rule(
  ["veleroSchedules", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ veleroSchedules, ...settings }) => {
    const index = veleroSchedules.findIndex(({ volumes }) => volumes === true);
    const missing = index < 0 ? [] : VOLUME_CAPABILITIES.filter((name) => !hasCapability(settings, name));
    return missing.map((name, position) => ({
      key: "veleroSchedules",
      wrong: `item ${index + 1} (${veleroSchedules[index].name}) has volumes, but the cluster lacks the capability ${name}`,
      allowed: `volumes only in a cluster with ${VOLUME_CAPABILITIES.join(" and ")}`,
      fix: setItemCommand("additionalEnabledCapabilities", settings.additionalEnabledCapabilities.length + position, name),
    }));
  },
);

const MINUTES_PER_DAY = 24 * 60;

/** Otherwise there would be times without any backup. */
export const backupsAreKeptUntilTheNext = rule(["veleroSchedules"], ({ veleroSchedules }) =>
  veleroSchedules.flatMap(({ name, schedule = DEFAULT_CRON, retentionDays = DEFAULT_RETENTION_DAYS }, index) => {
    const days = Math.ceil(longestGapMinutes(schedule) / MINUTES_PER_DAY);
    if (retentionDays >= days) return [];
    return [
      {
        key: "veleroSchedules",
        wrong: `item ${index + 1} (${name}) keeps a backup for ${retentionDays} days, but up to ${days} days pass until the next one`,
        allowed: `a retention of at least ${days} days`,
        fix: `set its retentionDays to ${days}, or make backups more often`,
      },
    ];
  }),
);

export const veleroHasInfraNodes = rule(["veleroOnInfraNodes", "infraCount"], ({ veleroOnInfraNodes, infraCount }) =>
  !veleroOnInfraNodes || infraCount > 0
    ? []
    : [
        {
          key: "veleroOnInfraNodes",
          wrong: "is true, but infraCount is 0",
          fix: `${setCommand("infraCount", 3)}, or ${removeCommand("veleroOnInfraNodes")}`,
        },
      ],
);

/** On OKD, Velero's pod has no proxy settings, so it must reach AWS directly. OADP gives it the settings that OLM gives the operator. */
export const veleroNeedsNoProxy = rule<"veleroSchedules" | "httpsProxy" | "distribution", Warning>(
  ["veleroSchedules", "httpsProxy", "distribution"],
  ({ veleroSchedules, httpsProxy, distribution }) => {
    if (veleroSchedules.length === 0 || httpsProxy === "" || distribution === "openshift") return [];
    return [
      {
        key: "veleroSchedules",
        text:
          "Velero does not use the cluster's proxy. It needs a route to S3, and in credentials mode manual also to STS: " +
          "through a NAT gateway, or through VPC endpoints, which a new network has for S3.",
        fix: "make sure that the private subnets have these routes; vpcEndpoints with sts adds the endpoint for STS to a new network",
      },
    ];
  },
);
