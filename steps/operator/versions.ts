import { parse } from "semver";
import type { OperatorState } from "./objects";

/**
 * Compares the versions of two ClusterServiceVersions: negative if `one` is older, positive if it is newer; undefined if a version is unknown.
 * One that is in the cluster says its version, any other has it in its name (`oadp-operator.v1.5.0`).
 */
export function compareCsvs(one: string, other: string, { csvs }: Pick<OperatorState, "csvs">): number | undefined {
  const [first, second] = [one, other].map((name) => {
    const version = csvs.find(({ metadata }) => metadata.name === name)?.spec.version;
    return parse(version ?? name.slice(name.indexOf(".") + 1));
  });
  return first === null || second === null ? undefined : first.compare(second) || first.compareBuild(second);
}
