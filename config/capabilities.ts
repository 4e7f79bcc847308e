import { BASELINE_SETS, type BaselineSet, SET_ADDITIONS } from "./releases/capability-sets";
import { capabilitiesOf } from "./releases/facts";
import { type Minor, minorNamed } from "./releases/minor";
import { TABLE } from "./releases/table";

/** The reason why a cluster of this project can't be without a capability. */
interface Need {
  /** The reason why every cluster on AWS needs this capability (shown in messages); undefined if not every cluster needs it. */
  readonly neededBecause?: string;
  /** The capability without which this capability cannot be enabled. */
  readonly dependsOn?: string;
}

/** The capabilities that a cluster needs, or that need others (openshift/installer, `pkg/types/validation/installconfig.go`). */
export const CAPABILITY_NEEDS: Readonly<Record<string, Need>> = {
  CloudControllerManager: { neededBecause: "it registers this program's instances as nodes" },
  CloudCredential: { neededBecause: "it gives the cluster's components their AWS credentials" },
  Ingress: { neededBecause: "it serves the console and every application" },
  marketplace: { dependsOn: "OperatorLifecycleManager" },
};

/** Names of all capabilities of all releases in the table. */
export const CAPABILITY_NAMES: readonly string[] = TABLE.flatMap(({ capabilities }) => capabilities?.value ?? []);

/** The minor release that a baseline set is named after; undefined for None and vCurrent. */
export function minorOfSet(set: BaselineSet): Minor | undefined {
  return set === "None" || set === "vCurrent" ? undefined : minorNamed(set.slice("v".length));
}

/** Names of the capabilities that are enabled in a minor release. */
export function enabledCapabilities(minor: Minor, baseline: BaselineSet, additional: readonly string[]): ReadonlySet<string> {
  const known = capabilitiesOf(minor);
  return new Set([...known.filter((name) => baseline === "vCurrent" || inSet(baseline).includes(name)), ...additional]);
}

function inSet(set: Exclude<BaselineSet, "vCurrent">): readonly string[] {
  if (set === "None") return [];
  const last = BASELINE_SETS.indexOf(set);
  return Object.entries(SET_ADDITIONS).flatMap(([name, parts]) => (BASELINE_SETS.indexOf(name as BaselineSet) <= last ? parts : []));
}
