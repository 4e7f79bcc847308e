import { distance } from "fastest-levenshtein";
import { CAPABILITY_NAMES, enabledCapabilities, minorOfSet, NEEDS } from "../capabilities";
import { type KeyProblem, type ValueProblem, removeCommand, setCommand, setItemCommand } from "../finding";
import type { BaselineSet } from "../releases/capability-sets";
import { capabilitiesOf } from "../releases/facts";
import { compareMinors, type Minor, nameOf } from "../releases/minor";
import { minorOf } from "../releases/version";
import { rule } from "../rule";

/** Maximum edit distance between a wrong name and a suggestion. */
const MOST_EDITS = 3;

/** Checks the name of a capability. */
export function capabilityProblem(name: string): ValueProblem | undefined {
  if (CAPABILITY_NAMES.includes(name)) return undefined;
  const wrong = "is not the name of a capability";
  const nearest =
    CAPABILITY_NAMES.find((known) => known.toLowerCase() === name.toLowerCase()) ??
    CAPABILITY_NAMES.find((known) => distance(known, name) <= MOST_EDITS);
  return nearest === undefined ? { wrong } : { wrong, instead: nearest };
}

/** The release must have the set and the additional capabilities, and those that a cluster on AWS needs must be enabled. */
export const capabilitiesFitRelease = rule(
  ["release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional }): KeyProblem[] => {
    const minor = minorOf(release);
    if (set === "") return additional.length === 0 ? [] : [nothingToAddTo(additional)];
    const known = capabilitiesOf(minor);
    const ofSet = minorOfSet(set);
    return [
      ...(ofSet !== undefined && compareMinors(ofSet, minor) > 0 ? [tooNew(set, minor)] : []),
      ...additional
        .filter((name) => !known.includes(name))
        .map((name) => ({
          key: "additionalEnabledCapabilities",
          wrong: `names ${name}, which is not a capability of ${nameOf(minor)}`,
          allowed: known.join(", "),
          fix: "remove it from the list",
        })),
      ...leftOut(minor, set, additional),
    ];
  },
);

function leftOut(minor: Minor, set: BaselineSet, additional: readonly string[]): KeyProblem[] {
  const enabled = enabledCapabilities(minor, set, additional);
  const missing = new Map<string, string>();
  const known = capabilitiesOf(minor);
  for (const name of known.filter((each) => each in NEEDS)) {
    const { needed, needs } = NEEDS[name];
    if (needed !== undefined && !enabled.has(name)) missing.set(name, needed);
    if (needs !== undefined && enabled.has(name) && !enabled.has(needs) && known.includes(needs)) missing.set(needs, `${name} needs it`);
  }
  return [...missing].map(([name, why], index) => ({
    key: "baselineCapabilitySet",
    wrong: `lacks ${name}, but ${why}`,
    allowed: `a set with ${name}, or ${name} among additionalEnabledCapabilities`,
    fix: setItemCommand("additionalEnabledCapabilities", additional.length + index, name),
  }));
}

function tooNew(set: BaselineSet, minor: Minor): KeyProblem {
  return {
    key: "baselineCapabilitySet",
    wrong: `is ${set}, but the release is ${nameOf(minor)}`,
    allowed: `a set up to v${nameOf(minor)}, None or vCurrent`,
    fix: setCommand("baselineCapabilitySet", "vCurrent"),
  };
}

function nothingToAddTo(additional: readonly string[]): KeyProblem {
  return {
    key: "additionalEnabledCapabilities",
    wrong: `names ${additional.join(", ")}, but baselineCapabilitySet is not set, so all capabilities are enabled already`,
    allowed: "additional capabilities together with a baseline set that lacks them",
    fix: `${setCommand("baselineCapabilitySet", "None")}, or ${removeCommand("additionalEnabledCapabilities")}`,
  };
}
