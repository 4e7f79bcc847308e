import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./program";

/** File with the URNs of the dev stack with a pull secret. `dev-stack.test.ts` compares and records them. */
export const recordedUrnsFile = join(__dirname, "..", "golden", "dev-urns.txt");

/** The resource that a dev stack without a pull secret does not have. */
const pullSecretType = "kubernetes:core/v1:SecretPatch";

/** The difference in the number of resources between a program and the dev stack, by type without the module. */
export function differenceFromDevStack(program: Program): Record<string, number> {
  const [counts, devStackCounts] = [program.counts(), countsOfDevStack()];
  const types = [...new Set([...Object.keys(devStackCounts), ...Object.keys(counts)])];
  const changes = types.map((type): [string, number] => [type.split(":")[2] ?? type, (counts[type] ?? 0) - (devStackCounts[type] ?? 0)]);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}

/** How many resources of each type the dev stack without a pull secret has; components are left out. */
function countsOfDevStack(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const urn of readFileSync(recordedUrnsFile, "utf8").trim().split("\n")) {
    const type = urn.split("::")[2].split("$").at(-1) ?? "";
    if (!type.startsWith("okd:") && type !== pullSecretType) counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
