import { isDnsLabel } from "../object-name";
import type { ValueProblem } from "../problem";

/** Checks the name of a remote write, which is also part of keys in a Secret. */
export function remoteWriteNameProblem(name: string): ValueProblem | undefined {
  return isDnsLabel(name)
    ? undefined
    : { wrong: "is not a name of lower-case letters, digits and hyphens", allowed: "1 to 63 lower-case letters, digits and hyphens" };
}

/**
 * Checks the name of a metric, in which an asterisk stands for any text (Prometheus, "Metric names and labels"). The program turns the name into a
 * regular expression; except for the asterisk, the allowed characters have no special meaning in one.
 */
export function metricPatternProblem(pattern: string): ValueProblem | undefined {
  return /^[a-zA-Z_:*][a-zA-Z0-9_:*]*$/.test(pattern)
    ? undefined
    : { wrong: "is not a valid name of a metric", allowed: "letters, digits, underscores and colons; an asterisk stands for any text" };
}

/** Checks the ID of a long-term access key. Temporary access keys (ASIA…) need a session token, for which Prometheus has no field. */
export function accessKeyIdProblem(id: string): ValueProblem | undefined {
  return /^AKIA[A-Z0-9]{12,124}$/.test(id)
    ? undefined
    : { wrong: "is not the ID of a long-term access key", allowed: "AKIA and 12 or more capital letters and digits" };
}

/** The region of an endpoint of Amazon Managed Service for Prometheus; undefined for other URLs. */
export function regionOfManagedPrometheus(url: string): string | undefined {
  return /^https:\/\/aps-workspaces(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)(?:[:/]|$)/.exec(url)?.[1];
}
