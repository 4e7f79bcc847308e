import { devStackCounts } from "../facts/dev-stack";
import type { Program } from "./program";

/** The numbers by which a program's resources differ from the dev stack's, by type without its module. */
export function difference(program: Program): Record<string, number> {
  const counts = program.counts();
  const types = [...new Set([...Object.keys(devStackCounts), ...Object.keys(counts)])];
  const changes = types.map((type): [string, number] => [type.split(":")[2] ?? type, (counts[type] ?? 0) - (devStackCounts[type] ?? 0)]);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}
