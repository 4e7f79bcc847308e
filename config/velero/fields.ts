import { isDnsLabel } from "../object-name";
import type { ValueProblem } from "../problem";

/** Longest name of a schedule. Velero adds 15 characters to it for each backup, whose name is also a label's value of at most 63. */
const MAX_NAME = 40;

/** Checks the name of a schedule. */
export function scheduleNameProblem(name: string): ValueProblem | undefined {
  if (isDnsLabel(name) && name.length <= MAX_NAME) return undefined;
  return { wrong: "is not the name of a schedule", allowed: `1 to ${MAX_NAME} lower-case letters, digits and hyphens` };
}

/**
 * Checks a namespace, or a pattern of namespaces with `*` and `?` (vmware-tanzu/velero, `pkg/util/wildcard/expand.go`, release-1.18). Velero
 * also knows `[abc]`, which is not supported here.
 */
export function namespacePatternProblem(text: string): ValueProblem | undefined {
  if (text.length <= 63 && /^[a-z0-9*?]([a-z0-9*?-]*[a-z0-9*?])?$/.test(text) && !text.includes("**")) return undefined;
  return {
    wrong: "is neither a namespace nor a pattern of namespaces",
    allowed: "a name, or a pattern with single * and ?, such as team-*",
  };
}

/** Checks a namespace to leave out: leaving out all would back nothing up. */
export function excludedNamespaceProblem(text: string): ValueProblem | undefined {
  return text === "*"
    ? { wrong: "leaves out every namespace", allowed: "names and patterns such as team-*" }
    : namespacePatternProblem(text);
}
