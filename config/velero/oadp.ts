import { type NeededOperator, neededOperator } from "../operators/needed-operator";
import { compareMinors, isAtLeast, type Minor, type MinorName, minorNamed } from "../releases/minor";
import type { Settings } from "../schema";

/**
 * The namespace in which OADP is meant to run (openshift/oadp-operator, `bundle/manifests/oadp-operator.clusterserviceversion.yaml`,
 * oadp-1.5: suggested-namespace).
 */
export const OADP_NAMESPACE = "openshift-adp";

/** A minor version of OADP, the operator that runs Velero on OpenShift. */
export interface Oadp {
  readonly version: MinorName;
  /** The first and the last minor release of OpenShift that this version of OADP supports. */
  readonly from: MinorName;
  readonly to: MinorName;
  /** The version of Velero that this version of OADP contains. */
  readonly velero: MinorName;
  /** The channel of this version in Red Hat's catalog. */
  readonly channel: string;
}

/**
 * Versions of OADP (OpenShift documentation, "Supported versions of OADP" and "OADP-Velero-OpenShift version relationship"; OKD's pages of
 * 4.22 and 5.0 have the newest tables: docs.okd.io, `backup_and_restore/application_backup_and_restore/oadp-intro.html`). Channels:
 * openshift/oadp-operator, `bundle/metadata/annotations.yaml`, oadp-1.4 and oadp-1.5; the channel of 1.6 is from the documentation's page
 * on update channels.
 */
const VERSIONS: readonly Oadp[] = [
  { version: "1.4", from: "4.14", to: "4.18", velero: "1.14", channel: "stable-1.4" },
  { version: "1.5", from: "4.19", to: "4.21", velero: "1.16", channel: "stable" },
  { version: "1.6", from: "4.22", to: "4.22", velero: "1.18", channel: "stable" },
];

/** The first version of Velero that knows patterns in includedNamespaces (vmware-tanzu/velero, `pkg/util/wildcard`, release-1.18; not in release-1.16). */
const WITH_PATTERNS: MinorName = "1.18";

/** The first version of Velero that reports the state of its locations as a metric (vmware-tanzu/velero, `pkg/metrics/metrics.go`, release-1.18; not in release-1.16). */
const WITH_LOCATION_METRIC: MinorName = "1.18";

/** The version of OADP for a minor release of OpenShift; undefined if there is none. */
export function oadpFor(release: Minor): Oadp | undefined {
  return VERSIONS.find(({ from, to }) => isAtLeast(release, from) && compareMinors(release, minorNamed(to)) <= 0);
}

/**
 * The version of OADP that a cluster has: the version in the startingCSV or the channel of its entry of `operators`, otherwise the version
 * for the release. After an update of the release, the older version of OADP runs until the entry is changed.
 */
export function configuredOadp(release: Minor, operators: Settings["operators"]): Oadp | undefined {
  const ofRelease = oadpFor(release);
  const entry = ofRelease && neededOperator(operators, oadpOperator(ofRelease));
  const named = versionInCsv(entry?.startingCSV) ?? versionInChannel(entry?.channel);
  return VERSIONS.find(({ version }) => version === named) ?? ofRelease;
}

/** The minor version in the name of a ClusterServiceVersion such as oadp-operator.v1.5.2; undefined without one. */
export function versionInCsv(name = ""): string | undefined {
  return /\.v(\d+\.\d+)\./.exec(name)?.[1];
}

/** The minor version in the name of a channel such as stable-1.4; undefined without one. */
export function versionInChannel(name = ""): string | undefined {
  return /^stable-(\d+\.\d+)$/.exec(name)?.[1];
}

/** The version of OADP before the given version; undefined for the first version. */
export function oadpBefore({ version }: Pick<Oadp, "version">): Oadp | undefined {
  return VERSIONS[VERSIONS.findIndex((each) => each.version === version) - 1];
}

/** The minor releases of OpenShift for which there is a version of OADP, in words. */
export const OADP_RELEASES = `${VERSIONS[0].from} to ${VERSIONS[VERSIONS.length - 1].to}`;

/** Whether the Velero of a version of OADP knows patterns in includedNamespaces. */
export function knowsPatterns({ velero }: Pick<Oadp, "velero">): boolean {
  return isAtLeast(minorNamed(velero), WITH_PATTERNS);
}

/** Whether the Velero of a version of OADP reports the state of its locations as a metric. */
export function reportsLocations({ velero }: Pick<Oadp, "velero">): boolean {
  return isAtLeast(minorNamed(velero), WITH_LOCATION_METRIC);
}

/**
 * The operator that Velero needs on OpenShift, with its suggested entry of `operators` (openshift/oadp-operator,
 * `bundle/manifests/oadp-operator.clusterserviceversion.yaml`, oadp-1.4 and oadp-1.5: only the install mode OwnNamespace).
 */
export function oadpOperator({ version, channel }: Oadp): NeededOperator {
  return {
    service: "Velero",
    packages: ["redhat-oadp-operator", "oadp-operator"],
    namespace: OADP_NAMESPACE,
    watch: "own",
    example: {
      name: "redhat-oadp-operator",
      namespace: OADP_NAMESPACE,
      source: "redhat-operators",
      channel,
      startingCSV: `oadp-operator.v${version}.0`,
      targetNamespaces: [OADP_NAMESPACE],
    },
  };
}
