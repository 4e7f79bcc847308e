import { SHARED_NAMESPACE } from "../operators/fields";
import { type NeededOperator, neededOperator } from "../operators/needed-operator";
import { compareMinors, type Minor, minorName, type MinorName, minorNamed } from "../releases/minor";
import { minorOf } from "../releases/version";
import type { Settings } from "../schema";

type Entry = Settings["operators"][number];

/** The namespace of the forwarder, and of the Loki that the console's page of logs shows (rhobs/observability-operator, `pkg/controllers/uiplugin/logging.go`, main). */
export const LOGGING_NAMESPACE = "openshift-logging";

const LOKI_PACKAGES = ["loki-operator"];
const LOGGING_PACKAGES = ["cluster-logging"];

/** The operator that adds a page of logs to the console. Logging works without it. */
export const CONSOLE_OPERATOR = { packages: ["cluster-observability-operator"] };

/**
 * For each minor version of the two operators, the newest minor version of OpenShift to which a cluster with this version can be updated
 * (openshift/cluster-logging-operator, `bundle/metadata/properties.yaml`, and openshift/loki,
 * `operator/bundle/openshift/metadata/properties.yaml`: olm.maxOpenShiftVersion, release-6.0 to release-6.6; 6.7 is from the master branch
 * of cluster-logging-operator; Loki's operator has no 6.7 yet). Red Hat's catalogs for newer versions of OpenShift do not contain the
 * operators' version.
 */
const NEWEST_CLUSTER: ReadonlyMap<MinorName, MinorName> = new Map([
  ["6.0", "4.17"],
  ["6.1", "4.18"],
  ["6.2", "4.20"],
  ["6.3", "4.20"],
  ["6.4", "4.21"],
  ["6.5", "4.22"],
  ["6.6", "4.23"],
  ["6.7", "5.0"],
]);

/** The newest minor version of OpenShift that a version of the operators supports; undefined if it is not known. */
export function newestClusterOf(version: Minor): Minor | undefined {
  const found = NEWEST_CLUSTER.get(minorName(version));
  return found === undefined ? undefined : minorNamed(found);
}

/**
 * The version of the operators to suggest for a cluster. It supports the cluster's version of OpenShift and as few newer
 * versions of OpenShift as possible. If several versions of the operators do, it is the newest of them.
 */
function versionFor(cluster: Minor): MinorName {
  const fitting = [...NEWEST_CLUSTER].filter(([, newest]) => compareMinors(minorNamed(newest), cluster) >= 0);
  const nearest = fitting.at(0)?.[1];
  return fitting.findLast(([, newest]) => newest === nearest)?.[0] ?? "6.7";
}

/**
 * The minor version of an operator from Red Hat's catalog, read from its channel, otherwise from its startingCSV. Undefined for the
 * community's Loki operator, whose versions start with 0.
 */
export function loggingVersion(entry: Pick<Entry, "channel" | "startingCSV"> | undefined): Minor | undefined {
  const name = /^stable-(\d+\.\d+)$/.exec(entry?.channel ?? "")?.[1] ?? /\.v(\d+\.\d+)\.\d/.exec(entry?.startingCSV ?? "")?.[1];
  const version = name === undefined ? undefined : minorNamed(name);
  return version !== undefined && version.major > 0 ? version : undefined;
}

function example(name: string, namespace: string, { release, distribution }: Pick<Settings, "release" | "distribution">): Entry {
  const version = versionFor(minorOf(release));
  // OKD does not have Red Hat's catalog. `okderators` is the OKD community's own catalog (okd-project/okderators-catalog-index, `install`,
  // main).
  const source = distribution === "okd" ? "okderators" : "redhat-operators";
  return { name, namespace, source, channel: `stable-${version}`, startingCSV: `${name}.v${version}.0` };
}

/**
 * The operator of Loki, which must watch all namespaces (openshift/loki, `operator/bundle/openshift/manifests`, release-6.6: installModes).
 */
export function neededLokiOperator(settings: Pick<Settings, "release" | "distribution">): NeededOperator {
  return {
    service: "Loki",
    packages: LOKI_PACKAGES,
    watch: "all",
    example: example("loki-operator", "openshift-operators-redhat", settings),
  };
}

/** The operator of the collectors (openshift/cluster-logging-operator, `bundle/manifests`, release-6.5: installModes). */
export function neededLoggingOperator(settings: Pick<Settings, "release" | "distribution">): NeededOperator {
  return {
    service: "logging",
    packages: LOGGING_PACKAGES,
    namespace: LOGGING_NAMESPACE,
    watch: "either",
    example: example("cluster-logging", LOGGING_NAMESPACE, settings),
  };
}

/** The entry of Loki's operator. */
export function lokiOperator<E extends Pick<Entry, "name">>(operators: readonly E[]): E | undefined {
  return neededOperator(operators, { packages: LOKI_PACKAGES });
}

/** The entry of the collectors' operator. */
export function loggingOperator<E extends Pick<Entry, "name">>(operators: readonly E[]): E | undefined {
  return neededOperator(operators, { packages: LOGGING_PACKAGES });
}

/**
 * The namespaces whose metrics and alerts about logging the cluster's Prometheus collects: the forwarder's namespace, and with Loki also
 * the namespace of Loki's operator.
 */
export function monitoredNamespaces({ lokiSize, operators }: Pick<Settings, "lokiSize" | "operators">): readonly string[] {
  const own = lokiSize === "" ? undefined : lokiOperator(operators)?.namespace;
  return own === undefined || own === SHARED_NAMESPACE || own === LOGGING_NAMESPACE ? [LOGGING_NAMESPACE] : [LOGGING_NAMESPACE, own];
}
