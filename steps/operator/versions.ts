import { parse, type SemVer } from "semver";
import type { OperatorRun, OperatorState } from "./objects";

/** The versions of the ClusterServiceVersions in the cluster and in the catalog. */
export type KnownVersions = Pick<OperatorState, "csvs"> & Pick<OperatorRun, "versions">;

/**
 * Compares the versions of two ClusterServiceVersions: negative if `one` is certainly older, positive if it is certainly
 * newer; undefined if that is unknown. A ClusterServiceVersion in the cluster or in the catalog has its version in a
 * field. The version of any other ClusterServiceVersion is read from its name (`oadp-operator.v1.5.0`), which does not
 * tell a pre-release from a rebuilt version.
 */
export function compareCsvs(one: string, other: string, known: KnownVersions): number | undefined {
  const [first, second] = [versionOf(one, known), versionOf(other, known)];
  if (first === undefined || second === undefined) return undefined;
  const isGuess = [first, second].some(({ version, isSaid }) => !isSaid && version.prerelease.length > 0);
  if (isGuess && first.version.compareMain(second.version) === 0) return undefined;
  return first.version.compare(second.version) || first.version.compareBuild(second.version);
}

interface FoundVersion {
  readonly version: SemVer;
  /** Whether the version is from the cluster or the catalog, and not from the name. */
  readonly isSaid: boolean;
}

function versionOf(name: string, { csvs, versions }: KnownVersions): FoundVersion | undefined {
  const said = csvs.find(({ metadata }) => metadata.name === name)?.spec.version ?? versions.get(name);
  const version = parse(said ?? versionInName(name));
  return version === null ? undefined : { version, isSaid: said !== undefined };
}

/**
 * The version in a ClusterServiceVersion's name. Red Hat's rebuilt versions have build metadata (`+…`), which a name can't have:
 * `web-terminal.v1.11.1-0.1747215995.p` is 1.11.1+0.1747215995.p (packagemanifest of web-terminal in redhat-operators, OpenShift 4.16).
 */
function versionInName(name: string): string {
  return name.slice(name.indexOf(".") + 1).replace(/-(\d+\.\d+\.p)$/, "+$1");
}
