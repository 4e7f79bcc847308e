import { blockStorageProblems } from "../storage/block-storage";
import { hasCapability } from "../enabled-capability";
import { type KeyProblem, removeCommand, setCommand } from "../problem";
import { compareMinors, isAtLeast, minorName } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";
import type { Settings } from "../schema";
import type { Warning } from "../warning";
import { loggingOperator, loggingVersion, lokiOperator, newestClusterOf } from "./operators";

/**
 * The first version of both operators with the API kinds that this program creates (openshift/cluster-logging-operator,
 * `docs/administration/upgrade/v6.0_changes.adoc`, master).
 */
const FIRST_VERSION = "6.0";

/** The first version of Loki's operator with 1x.pico (openshift/loki, `operator/api/loki/v1/lokistack_types.go`, release-6.0 and release-6.1). */
const FIRST_WITH_PICO = "6.1";

/** Older operators have other API kinds, so the forwarder could not be created. */
export const loggingOperatorsAreNewEnough = rule(
  ["lokiSize", "logPipelines", "operators"],
  ({ lokiSize, logPipelines, operators }): KeyProblem[] => {
    if (lokiSize === "" && logPipelines.length === 0) return [];
    const used = [loggingOperator(operators), ...(lokiSize === "" ? [] : [lokiOperator(operators)])];
    return used.flatMap((entry): KeyProblem[] => {
      const version = loggingVersion(entry);
      if (entry === undefined || version === undefined || isAtLeast(version, FIRST_VERSION)) return [];
      return [
        {
          key: "operators",
          wrong: `item ${operators.indexOf(entry) + 1} (${entry.name}) is version ${minorName(version)}, which does not have the kinds of logging 6`,
          allowed: `version ${FIRST_VERSION} or newer`,
          fix: "set its channel and startingCSV to a newer version, if its catalog has one",
        },
      ];
    });
  },
);

export const lokiSizeIsKnown = rule(["lokiSize", "operators"], ({ lokiSize, operators }): KeyProblem[] => {
  const version = loggingVersion(lokiOperator(operators));
  if (lokiSize !== "1x.pico" || version === undefined || isAtLeast(version, FIRST_WITH_PICO)) return [];
  return [
    {
      key: "lokiSize",
      wrong: `is 1x.pico, but version ${minorName(version)} of loki-operator does not have this size`,
      allowed: `1x.pico with version ${FIRST_WITH_PICO} or newer`,
      fix: `${setCommand("lokiSize", "1x.extra-small")}, or use a newer version of the operator`,
    },
  ];
});

/** The keys of the cluster's own store, with their defaults. */
const STORE_KEYS = {
  lokiStorageClass: "",
  lokiApplicationDays: 7,
  lokiInfrastructureDays: 7,
  lokiAuditDays: 30,
  lokiBucketName: "",
  lokiKmsKeyArn: "",
  lokiKeepBucket: true,
  lokiOnInfraNodes: false,
} as const satisfies Partial<Settings>;

export const lokiSettingsNeedSize = rule(
  ["lokiSize", "logKinds", "logReaders", ...(Object.keys(STORE_KEYS) as (keyof typeof STORE_KEYS)[])],
  ({ lokiSize, logKinds, logReaders, ...settings }): KeyProblem[] => {
    if (lokiSize !== "") return [];
    const set = [
      ...(Object.keys(STORE_KEYS) as (keyof typeof STORE_KEYS)[]).filter((key) => settings[key] !== STORE_KEYS[key]),
      ...(logKinds.length > 0 ? ["logKinds"] : []),
      ...(logReaders.length > 0 ? ["logReaders"] : []),
    ];
    return set.map((key) => ({
      key,
      wrong:
        key === "lokiKeepBucket"
          ? "is false, but lokiSize is not set. This does not delete a bucket that was kept before"
          : "is set, but lokiSize is not, so the cluster stores no logs",
      fix: `${setCommand("lokiSize", "1x.extra-small")}, or ${removeCommand(key)}`,
    }));
  },
);

/**
 * If the stack created a bucket with lokiKeepBucket false, setting lokiBucketName deletes that bucket, even if lokiBucketName names the
 * same bucket. So an update with lokiKeepBucket true must come first.
 */
export const namedBucketIsKept = rule(["lokiBucketName", "lokiKeepBucket"], ({ lokiBucketName, lokiKeepBucket }): KeyProblem[] =>
  lokiBucketName === "" || lokiKeepBucket
    ? []
    : [
        {
          key: "lokiKeepBucket",
          wrong:
            "is false, but lokiBucketName is set. The program never deletes the bucket that it names, but would delete a bucket that this stack created before",
          allowed: "true with lokiBucketName",
          fix: `remove lokiBucketName, ${setCommand("lokiKeepBucket", "true")}, and run pulumi up before you set lokiBucketName again`,
        },
      ],
);

/** Loki's pods need volumes of block storage; the operator asks for ReadWriteOnce (openshift/loki, `operator/internal/manifests/ingester.go`, release-6.6). */
export const lokiNeedsBlockStorage = rule(["lokiStorageClass", "storageClasses"], ({ lokiStorageClass: chosen, storageClasses }) =>
  blockStorageProblems("lokiStorageClass", { chosen, storageClasses, service: "Loki" }),
);

/** Without this capability the cluster has neither gp3-csi nor the driver of EBS volumes. */
export const lokiNeedsVolumes = rule(
  ["lokiSize", "lokiStorageClass", "release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ lokiSize, lokiStorageClass, ...settings }): KeyProblem[] =>
    lokiSize === "" || lokiStorageClass !== "" || hasCapability(settings, "Storage")
      ? []
      : [
          {
            key: "lokiSize",
            wrong: "is set, but the cluster lacks the capability Storage, and therefore gp3-csi",
            allowed: "a cluster with Storage, or a lokiStorageClass that you create",
            fix: `add Storage to additionalEnabledCapabilities, or ${setCommand("lokiStorageClass", "yours")}`,
          },
        ],
);

export const lokiHasInfraNodes = rule(["lokiOnInfraNodes", "infraCount"], ({ lokiOnInfraNodes, infraCount }): KeyProblem[] =>
  !lokiOnInfraNodes || infraCount > 0
    ? []
    : [
        {
          key: "lokiOnInfraNodes",
          wrong: "is true, but infraCount is 0",
          fix: `${setCommand("infraCount", 3)}, or ${removeCommand("lokiOnInfraNodes")}`,
        },
      ],
);

/**
 * Readers may read only the kinds of logs that Loki stores, and readers of single namespaces only application logs. Only for application
 * logs does Loki's gateway limit a query to namespaces. For the other kinds, the right to read in one namespace gives access to the logs of
 * the whole cluster (openshift/loki, `operator/internal/manifests/openshift/opa_openshift.go`, release-6.0 to release-6.6: skip-tenants;
 * observatorium/opa-openshift, `internal/authorizer/authorizer.go`, main: newDataResponseV1).
 */
export const readersReadWhatIsStored = rule(["logReaders", "logKinds", "lokiSize"], ({ logReaders, logKinds, lokiSize }): KeyProblem[] => {
  if (lokiSize === "") return [];
  const stored: readonly string[] = logKinds.length === 0 ? ["application", "infrastructure"] : logKinds;
  return logReaders.flatMap(({ name, kinds, namespaces = [] }, index): KeyProblem[] => {
    const item = `item ${index + 1} (${name})`;
    const undivided = kinds.filter((kind) => kind !== "application");
    if (namespaces.length > 0 && undivided.length > 0)
      return [
        {
          key: "logReaders",
          wrong: `${item} limits ${undivided.join(" and ")} logs to namespaces, but Loki does not separate them by namespace, so the group would read all of them`,
          allowed: "namespaces only with the kind application",
          fix: "remove the kind from the item, or add an item without namespaces for a group that may read the logs of the whole cluster",
        },
      ];
    const missing = kinds.filter((kind) => !stored.includes(kind));
    if (missing.length === 0) return [];
    return [
      {
        key: "logReaders",
        wrong: `${item} names ${missing.join(", ")} logs, which Loki does not store`,
        allowed: stored.join(", "),
        fix: "add the kind to logKinds, or remove it from the item",
      },
    ];
  });
});

/**
 * Warns if the operators do not support the cluster's version of OpenShift. OLM installs such operators, but then blocks the next update of
 * the cluster.
 */
export const loggingOperatorsFitTheCluster = rule(
  ["lokiSize", "logPipelines", "operators", "release"],
  ({ lokiSize, logPipelines, operators, release }): Warning[] => {
    if (lokiSize === "" && logPipelines.length === 0) return [];
    const used = [loggingOperator(operators), ...(lokiSize === "" ? [] : [lokiOperator(operators)])];
    return used.flatMap((entry): Warning[] => {
      const version = loggingVersion(entry);
      const newest = version && newestClusterOf(version);
      if (entry === undefined || version === undefined || newest === undefined || compareMinors(newest, minorOf(release)) >= 0) return [];
      return [
        {
          key: "operators",
          text: `${entry.name} ${minorName(version)} is made for OpenShift up to ${minorName(newest)}, and ${release} is newer. Its catalog may not have it, and it would block the cluster's next minor update.`,
          fix: "choose a newer channel (docs/logging.md lists the channel for each version of OpenShift)",
        },
      ];
    });
  },
);
