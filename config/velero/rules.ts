import { longestGapMinutes } from "../cron";
import { hasCapability } from "../enabled-capability";
import { removeCommand, setCommand, setItemCommand } from "../problem";
import { parseVersion } from "../releases/version";
import { rule } from "../rule";
import type { Warning } from "../warning";
import { DEFAULT_CRON, DEFAULT_RETENTION_DAYS, VOLUME_CAPABILITIES } from "./settings";

/** On OpenShift, Velero is part of the operator OADP, which this program does not install yet. */
export const veleroIsForOkd = rule(["veleroSchedules", "release"], ({ veleroSchedules, release }) => {
  if (veleroSchedules.length === 0 || parseVersion(release)?.distribution !== "openshift") return [];
  return [
    {
      key: "veleroSchedules",
      wrong: `is set, but ${release} is a release of OpenShift: there Velero comes with the operator OADP, which this program does not install yet`,
      allowed: "no schedules on OpenShift; on OKD a list of schedules",
      fix: removeCommand("veleroSchedules"),
    },
  ];
});

export const veleroSettingsNeedSchedules = rule(
  ["veleroSchedules", "veleroKmsKeyArn", "veleroOnInfraNodes"],
  ({ veleroSchedules, veleroKmsKeyArn, veleroOnInfraNodes }) => {
    if (veleroSchedules.length > 0) return [];
    const set = [...(veleroKmsKeyArn === "" ? [] : ["veleroKmsKeyArn"]), ...(veleroOnInfraNodes ? ["veleroOnInfraNodes"] : [])];
    return set.map((key) => ({
      key,
      wrong: "is set, but veleroSchedules has no schedule",
      fix: `${setCommand("veleroSchedules", '[{"name": "daily"}]')}, or ${removeCommand(key)}`,
    }));
  },
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

/** Velero's pod has no proxy settings, so it must reach AWS directly. */
export const veleroNeedsNoProxy = rule<"veleroSchedules" | "httpsProxy", Warning>(
  ["veleroSchedules", "httpsProxy"],
  ({ veleroSchedules, httpsProxy }) => {
    if (veleroSchedules.length === 0 || httpsProxy === "") return [];
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
