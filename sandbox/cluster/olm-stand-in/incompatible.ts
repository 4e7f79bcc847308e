import { coerce } from "semver";
import type { Hold } from "../operators";
import type { OlmCsv } from "./objects";

/**
 * The reason why ClusterOperator `operator-lifecycle-manager` is not upgradeable: installed operators do not support the
 * next minor release (openshift/operator-framework-olm,
 * `pkg/controller/operators/openshift/{helpers,clusteroperator_controller}.go` of its operator-lifecycle-manager,
 * release-4.19). Undefined if all operators support it.
 */
export function incompatibleOperators(csvs: readonly OlmCsv[], release: string): Hold | undefined {
  const [major, minor] = release.split(".").map(Number);
  const found = csvs.flatMap(({ metadata }) => {
    const last = coerce(maxOpenShiftVersion(metadata.annotations?.["operatorframework.io/properties"]));
    return last === null || last.compare(`${major}.${minor + 1}.0`) >= 0 ? [] : [{ metadata, last }];
  });
  if (found.length === 0) return undefined;
  const [{ last: first }] = found;
  // The real operator lists the last ClusterServiceVersion first.
  const lines = found
    .reverse()
    .map(
      ({ metadata, last }) => `- maximum supported OCP version for ${metadata.namespace}/${metadata.name} is ${last.major}.${last.minor}`,
    );
  const next = `${first.major}.${first.minor + 1}.0`;
  return {
    reason: "IncompatibleOperatorsInstalled",
    message: `ClusterServiceVersions blocking minor version upgrades to ${next} or higher:\n${lines.join("\n")}`,
  };
}

function maxOpenShiftVersion(annotation = "{}"): string | undefined {
  const { properties = [] } = JSON.parse(annotation) as { properties?: readonly { type: string; value: unknown }[] };
  const value = properties.find(({ type }) => type === "olm.maxOpenShiftVersion")?.value;
  return typeof value === "string" ? value : undefined;
}
