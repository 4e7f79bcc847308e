import { estimate, type CostLine, type Estimate, type EstimateOptions, type Unknown } from "./estimate";
import { checked, type Micros } from "./money";
import type { Planned } from "./resource";

/** A line that is another one afterwards. */
export interface LineChange {
  /** The line, as it is afterwards, or was before it went. */
  readonly line: CostLine;
  readonly countBefore: number;
  readonly countAfter: number;
  readonly difference: Micros;
}

/** What a plan does to the cost. */
export interface Comparison {
  readonly before: Estimate;
  readonly after: Estimate;
  readonly difference: Micros;
  /** In the order of an estimate, those that go first. */
  readonly changes: readonly LineChange[];
  /** What has no price here, and is new. The difference says nothing about it. */
  readonly newUnknown: readonly Unknown[];
  readonly goneUnknown: readonly Unknown[];
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
    const difference = checked((is?.monthly ?? 0) - (was?.monthly ?? 0));
    return [{ line, countBefore: was?.count ?? 0, countAfter: is?.count ?? 0, difference }];
  });
  return {
    before: one,
    after: other,
    difference: checked(other.monthly - one.monthly),
    changes,
    newUnknown: without(other.unknown, one.unknown),
    goneUnknown: without(one.unknown, other.unknown),
  };
}

/** What makes a line the same one on both sides: everything but how many there are. */
function lineKey({ group, what, region, byCluster, unitPrice, units }: CostLine): string {
  return JSON.stringify([group, what, region, byCluster, unitPrice, units]);
}

function without(some: readonly Unknown[], others: readonly Unknown[]): Unknown[] {
  const known = new Set(others.map(({ urn, why }) => `${urn} ${why}`));
  return some.filter(({ urn, why }) => !known.has(`${urn} ${why}`));
}
