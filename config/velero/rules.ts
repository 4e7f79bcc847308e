import { parseArn } from "../../lib/aws/arn";
import { longestGapMinutes } from "../cron";
import { hasCapability } from "../enabled-capability";
import { neededOperator } from "../operators/needed-operator";
import { partitionOf } from "../partition";
import { type KeyProblem, removeCommand, setCommand, setItemCommand } from "../problem";
import { minorName } from "../releases/minor";
import { parseVersion } from "../releases/version";
import { rule } from "../rule";
import type { Settings } from "../schema";
import type { Warning } from "../warning";
import {
  configuredOadp,
  knowsPatterns,
  type Oadp,
  OADP_RELEASES,
  oadpBefore,
  oadpFor,
  oadpOperator,
  versionInChannel,
  versionInCsv,
} from "./oadp";
import { DEFAULT_CRON, DEFAULT_RETENTION_DAYS, VOLUME_CAPABILITIES } from "./settings";

/** On OpenShift, the operator OADP runs Velero: only in releases that it supports, and only if `operators` lists it. */
export const oadpMatchesTheRelease = rule(["veleroSchedules", "release", "operators"], ({ veleroSchedules, release, operators }) => {
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
  const entry = neededOperator(operators, oadpOperator(oadp));
  return entry ? versionProblems(entry, operators.indexOf(entry), minorName(version.minor), oadp) : [];
});

/**
 * The problems if an entry of `operators` has a version of OADP that does not suit the release. The version for the previous releases is
 * allowed, because OADP is updated after the release (OpenShift documentation, "Upgrading OADP 1.4 to 1.5").
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
    ["channel", channel, versionInChannel(channel)],
  ] as const;
  return named
    .filter(([, , version]) => version !== undefined && !accepted.includes(version))
    .map(([field, value]) => ({
      key: "operators",
      wrong: `item ${index + 1} (${name}): ${field} is ${value}, but OpenShift ${release} needs OADP ${oadp.version}`,
      allowed: `OADP ${oadp.version}, in Red Hat's catalog in the channel ${oadp.channel}`,
      fix: field === "channel" ? `set its channel to ${oadp.channel}` : `set its startingCSV to a version of OADP ${oadp.version}`,
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
        fix: `as soon as the cluster runs ${release}, set the operator's channel to ${needed.channel} and its startingCSV to a version ${needed.version}`,
      },
    ];
  },
);

/**
 * An older Velero reads a pattern in includedNamespaces as the name of a namespace, and backs nothing up (vmware-tanzu/velero,
 * `pkg/backup/item_collector.go`, release-1.16: getNamespacesToList). With `?` in excludedNamespaces, an older Velero refuses every backup
 * (`pkg/util/collections/includes_excludes.go`: validateNamespaceName, release-1.14 and release-1.16).
 */
export const patternsNeedVelero = rule(["veleroSchedules", "release", "operators"], ({ veleroSchedules, release, operators }) => {
  const version = parseVersion(release);
  const oadp = version?.distribution === "openshift" ? configuredOadp(version.minor, operators) : undefined;
  if (oadp === undefined || knowsPatterns(oadp)) return [];
  const server = `Velero ${oadp.velero} in OADP ${oadp.version}`;
  const allowed = "whole names in includedNamespaces; names and patterns with * in excludedNamespaces";
  return veleroSchedules.flatMap(({ name, includedNamespaces = [], excludedNamespaces = [] }, index) => {
    const item = `item ${index + 1} (${name})`;
    const included = includedNamespaces.find((each) => each !== "*" && /[*?]/.test(each));
    const excluded = excludedNamespaces.find((each) => each.includes("?"));
    const problems: KeyProblem[] = [];
    if (included !== undefined)
      problems.push({
        key: "veleroSchedules",
        wrong: `${item} includes the pattern ${included}, which ${server} does not know, so the backups would be empty`,
        allowed,
        fix: "name each namespace, or leave includedNamespaces out and exclude the others",
      });
    if (excluded !== undefined)
      problems.push({
        key: "veleroSchedules",
        wrong: `${item} excludes the pattern ${excluded}, but ${server} does not know ?, and would refuse each backup`,
        allowed,
        fix: "use * or whole names",
      });
    return problems;
  });
});

export const veleroSettingsNeedSchedules = rule(
  ["veleroSchedules", "veleroKmsKeyArn", "veleroOnInfraNodes", "veleroReadOnlyLocations", "veleroRepositoryPassword"],
  ({ veleroSchedules, veleroKmsKeyArn, veleroOnInfraNodes, veleroReadOnlyLocations, veleroRepositoryPassword }) => {
    if (veleroSchedules.length > 0) return [];
    const set = Object.entries({
      veleroKmsKeyArn: veleroKmsKeyArn !== "",
      veleroOnInfraNodes,
      veleroReadOnlyLocations: veleroReadOnlyLocations.length > 0,
      veleroRepositoryPassword: veleroRepositoryPassword !== "",
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

/** S3 can encrypt a bucket only with a KMS key in the bucket's region. */
export const locationKeysAreInTheirRegion = rule(["veleroReadOnlyLocations", "region"], ({ veleroReadOnlyLocations, region: own }) =>
  veleroReadOnlyLocations.flatMap(({ name, region = own, kmsKeyArn = "" }, index) => {
    const arn = parseArn(kmsKeyArn);
    if (!arn || (arn.region === region && arn.partition === partitionOf(region).name)) return [];
    return [
      {
        key: "veleroReadOnlyLocations",
        wrong: `item ${index + 1} (${name}): kmsKeyArn is a key in ${arn.region}, but the bucket is in ${region}`,
        allowed: `a key in ${region}`,
        fix: "set region to the bucket's region, or kmsKeyArn to the key that encrypts the bucket",
      },
    ];
  }),
);

/**
 * Velero refuses a backup that includes and excludes the same namespace, or includes `*` and other namespaces (vmware-tanzu/velero,
 * `pkg/util/collections/includes_excludes.go`: ValidateIncludesExcludes, release-1.18).
 */
export const schedulesIncludeWhatTheySay = rule(["veleroSchedules"], ({ veleroSchedules }) =>
  veleroSchedules.flatMap(({ name, includedNamespaces = [], excludedNamespaces = [] }, index) => {
    const item = `item ${index + 1} (${name})`;
    const both = includedNamespaces.filter((each) => excludedNamespaces.includes(each));
    if (both.length > 0)
      return [
        {
          key: "veleroSchedules",
          wrong: `${item} includes and excludes ${both.join(", ")}`,
          fix: "remove it from includedNamespaces or from excludedNamespaces",
        },
      ];
    if (includedNamespaces.length > 1 && includedNamespaces.includes("*"))
      return [{ key: "veleroSchedules", wrong: `${item} includes * and single namespaces`, fix: "keep * or the single namespaces" }];
    return [];
  }),
);

/** Without these capabilities the cluster has neither the API kinds of CSI snapshots nor the EBS driver. */
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

/** Refuses a retention that is shorter than the time between two backups, because there would be times without any backup. */
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

/**
 * On OKD, Velero's pod has no proxy settings, so it must reach AWS directly. On OpenShift, OADP passes its own proxy settings, which OLM
 * sets, to Velero's pod.
 */
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

/**
 * OADP's Velero uses the cluster's proxy, but does not get the cluster's CAs (openshift/oadp-operator, `internal/controller/velero.go`, oadp-1.5:
 * it mounts an empty directory as `/etc/ssl/certs`). The plugin for AWS then trusts only the CAs of its image
 * (vmware-tanzu/velero-plugin-for-aws, `velero-plugin-for-aws/config.go`: WithTLSSettings, main).
 */
export const oadpDoesNotTrustTheProxysCa = rule<"veleroSchedules" | "httpsProxy" | "additionalTrustBundle" | "distribution", Warning>(
  ["veleroSchedules", "httpsProxy", "additionalTrustBundle", "distribution"],
  ({ veleroSchedules, httpsProxy, additionalTrustBundle, distribution }) => {
    if (veleroSchedules.length === 0 || httpsProxy === "" || additionalTrustBundle === "" || distribution !== "openshift") return [];
    return [
      {
        key: "veleroSchedules",
        text: "OADP's Velero uses the cluster's proxy, but does not trust the CAs in additionalTrustBundle. If the proxy's certificates are from such a CA, Velero can't reach S3.",
        fix: "add the region's endpoint of S3 (s3.<region>.amazonaws.com, .s3.<region>.amazonaws.com and, for copies of files, .s3.dualstack.<region>.amazonaws.com), and in credentials mode manual the endpoint of STS, to noProxy; the private subnets need a route to these endpoints",
      },
    ];
  },
);

/** Without these capabilities Velero restores claims with empty volumes, although the backup has snapshots. */
export const readOnlyLocationsCanRestoreVolumes = rule<
  "veleroReadOnlyLocations" | "release" | "baselineCapabilitySet" | "additionalEnabledCapabilities",
  Warning
>(
  ["veleroReadOnlyLocations", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ veleroReadOnlyLocations, ...settings }) => {
    const missing = veleroReadOnlyLocations.length === 0 ? [] : VOLUME_CAPABILITIES.filter((name) => !hasCapability(settings, name));
    if (missing.length === 0) return [];
    return [
      {
        key: "veleroReadOnlyLocations",
        text: `The cluster lacks the capabilities ${missing.join(" and ")}, so the volumes of other clusters' backups come back empty.`,
        fix: "add them to additionalEnabledCapabilities if the backups have volumes",
      },
    ];
  },
);
