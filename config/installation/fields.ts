import { distance } from "fastest-levenshtein";
import { CAPABILITY_NAMES } from "../capabilities";
import type { ValueProblem } from "../problem";

/** Maximum edit distance between a wrong name and a suggestion. */
const MAX_EDITS = 3;

/** Checks the name of a capability. */
export function capabilityProblem(name: string): ValueProblem | undefined {
  if (CAPABILITY_NAMES.includes(name)) return undefined;
  const wrong = "is not the name of a capability";
  const nearest =
    CAPABILITY_NAMES.find((known) => known.toLowerCase() === name.toLowerCase()) ??
    CAPABILITY_NAMES.find((known) => distance(known, name) <= MAX_EDITS);
  return nearest === undefined ? { wrong } : { wrong, instead: nearest };
}
