import { type Cidr, contains, enclosingCidr } from "../config/cidr";

/**
 * Whether a source is a prefix list and not a CIDR block. The owner of a prefix list can change its content, without a preview of this
 * program (EC2, "Managed prefix lists").
 */
export function isPrefixList(range: string): boolean {
  return range.startsWith("pl-");
}

/**
 * Whether every address of a CIDR block is in one of the blocks in `others`. A block that can't be parsed is treated as outside: the
 * provider's Go parser would read `0.0.0.0/00` as every address.
 */
export function isRangeWithin(range: string, others: readonly string[]): boolean {
  if (isPrefixList(range)) return false;
  if (range.includes(":")) return others.includes(range);
  const inner = read(range);
  if (inner === undefined) return false;
  return others.some((other) => {
    const outer = read(other);
    return outer !== undefined && contains(outer, inner);
  });
}

function read(range: string): Cidr | undefined {
  try {
    return enclosingCidr(range);
  } catch {
    return undefined;
  }
}
