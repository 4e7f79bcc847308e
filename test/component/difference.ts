import { devStackCounts } from "../facts/dev-stack";
import type { Program } from "./program";

/** How a program's counts differ from the dev stack's: type without its module, and by how many. */
export function difference(program: Program): Record<string, number> {
  const counts = program.counts();
  const types = [...new Set([...Object.keys(devStackCounts), ...Object.keys(counts)])];
  const changes = types.map((type): [string, number] => [type.split(":")[2] ?? type, (counts[type] ?? 0) - (devStackCounts[type] ?? 0)]);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}
