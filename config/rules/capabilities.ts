import { distance } from "fastest-levenshtein";
import { type BaselineSet, CAPABILITIES, capabilitiesOf, enabledCapabilities, minorOfSet } from "../capabilities";
import { type Finding, type Flaw, removeCommand, setCommand, setItemCommand } from "../finding";
import { rule } from "../rule";
import { minorOf } from "./release";

const NAMES = Object.keys(CAPABILITIES);

/** Edits between a wrong name and the one that is meant, at most. */
const MOST_EDITS = 3;

/** Whether a text is the name of a part of OpenShift that can be left out. */
export function capabilityFlaw(name: string): Flaw | undefined {
  if (NAMES.includes(name)) return undefined;
  const wrong = "is not the name of a capability";
  const nearest =
    NAMES.find((known) => known.toLowerCase() === name.toLowerCase()) ?? NAMES.find((known) => distance(known, name) <= MOST_EDITS);
  return nearest === undefined ? { wrong } : { wrong, instead: nearest };
}

/** Set and additional capabilities are the release's, and nothing is left out that a cluster on AWS needs. */
export const capabilitiesFitRelease = rule(
  ["release", "baselineCapabilitySet", "additionalEnabledCapabilities"],
  ({ release, baselineCapabilitySet: set, additionalEnabledCapabilities: additional }): Finding[] => {
    const minor = minorOf(release);
    if (set === "") return additional.length === 0 ? [] : [nothingToAddTo(additional)];
    // The form of the release is another rule's.
    if (minor === undefined) return [];
    const unknown = additional.filter((name) => CAPABILITIES[name].since > minor);
    return [
      ...((minorOfSet(set) ?? 0) > minor ? [tooNew(set, minor)] : []),
      ...unknown.map((name) => ({
        key: "additionalEnabledCapabilities",
        wrong: `names ${name}, which is no capability of 4.${minor}`,
        allowed: capabilitiesOf(minor).join(", "),
        fix: "remove it from the list",
      })),
      ...leftOut(minor, set, additional),
    ];
  },
);

function leftOut(minor: number, set: BaselineSet, additional: readonly string[]): Finding[] {
  const enabled = enabledCapabilities(minor, set, additional);
  const missing = new Map<string, string>();
  for (const name of capabilitiesOf(minor)) {
    const { needed, needs } = CAPABILITIES[name];
    if (needed !== undefined && !enabled.has(name)) missing.set(name, needed);
    if (needs !== undefined && enabled.has(name) && !enabled.has(needs) && CAPABILITIES[needs].since <= minor)
      missing.set(needs, `${name} needs it`);
  }
  return [...missing].map(([name, why], index) => ({
    key: "baselineCapabilitySet",
    wrong: `lacks ${name}, but ${why}`,
    allowed: `a set with ${name}, or ${name} among additionalEnabledCapabilities`,
    fix: setItemCommand("additionalEnabledCapabilities", additional.length + index, name),
  }));
}

function tooNew(set: BaselineSet, minor: number): Finding {
  return {
    key: "baselineCapabilitySet",
    wrong: `is ${set}, but release is of 4.${minor}`,
    allowed: `a set up to v4.${minor}, None or vCurrent`,
    fix: setCommand("baselineCapabilitySet", "vCurrent"),
  };
}

function nothingToAddTo(additional: readonly string[]): Finding {
  return {
    key: "additionalEnabledCapabilities",
    wrong: `names ${additional.join(", ")}, but baselineCapabilitySet is not set, and then everything is enabled`,
    allowed: "additional capabilities together with a baseline set that lacks them",
    fix: `${setCommand("baselineCapabilitySet", "None")}, or ${removeCommand("additionalEnabledCapabilities")}`,
  };
}
