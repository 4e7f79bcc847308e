import type { ValueProblem } from "../problem";

/** Checks the ID of a Route 53 hosted zone. */
export function zoneIdProblem(id: string): ValueProblem | undefined {
  if (/^Z[A-Z0-9]{1,31}$/.test(id)) return undefined;
  if (id.startsWith("/hostedzone/")) return { wrong: "has a path in front of the ID", instead: id.replace("/hostedzone/", "") };
  return { wrong: "is not the ID of a hosted zone" };
}
