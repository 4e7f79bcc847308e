import { estimate, type CostLine, type Estimate, type EstimateOptions, type UnpricedResource } from "./estimate";
import { exactAmount, type Micros } from "./money";
import type { Planned } from "../../lib/pulumi/resource";

/** A line that changes. */
export interface LineChange {
  /** The line as it is after the plan; for a removed line, as it was before the plan. */
  readonly line: CostLine;
  readonly countBefore: number;
  readonly countAfter: number;
  readonly difference: Micros;
}

/** The change of the monthly cost that a plan causes. */
export interface Comparison {
  readonly before: Estimate;
  readonly after: Estimate;
  readonly difference: Micros;
  /** Changed lines in the order of an estimate; removed lines come first. */
  readonly changes: readonly LineChange[];
  /** New resources without a known price. The difference does not include them. */
  readonly newUnknown: readonly UnpricedResource[];
  readonly goneUnknown: readonly UnpricedResource[];
}

/** Estimates both sides of a plan with the same prices and assumptions. */
export function compare({ before, after }: Planned, options: EstimateOptions): Comparison {
  const one = estimate(before, options);
  const other = estimate(after, options);
  const lineBefore = new Map(one.lines.map((line) => [lineKey(line), line]));
  const lineAfter = new Map(other.lines.map((line) => [lineKey(line), line]));
  const keys = [...one.lines.filter((line) => !lineAfter.has(lineKey(line))), ...other.lines].map(lineKey);
  const changes = keys.flatMap((key): LineChange[] => {
    const [was, is] = [lineBefore.get(key), lineAfter.get(key)];
    const line = is ?? was;
    if (line === undefined || was?.count === is?.count) return [];
    const difference = exactAmount((is?.monthly ?? 0) - (was?.monthly ?? 0));
    return [{ line, countBefore: was?.count ?? 0, countAfter: is?.count ?? 0, difference }];
  });
  return {
    before: one,
    after: other,
    difference: exactAmount(other.monthly - one.monthly),
    changes,
    newUnknown: unknownsNotIn(other.unknown, one.unknown),
    goneUnknown: unknownsNotIn(one.unknown, other.unknown),
  };
}

/** Key that is equal for the same line before and after the plan: everything except the count. */
function lineKey({ group, what, region, byCluster, unitPrice, units }: CostLine): string {
  return JSON.stringify([group, what, region, byCluster, unitPrice, units]);
}

function unknownsNotIn(some: readonly UnpricedResource[], others: readonly UnpricedResource[]): UnpricedResource[] {
  const known = new Set(others.map(({ urn, why }) => `${urn} ${why}`));
  return some.filter(({ urn, why }) => !known.has(`${urn} ${why}`));
}
