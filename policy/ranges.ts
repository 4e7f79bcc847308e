import { type Cidr, contains, enclosingCidr } from "../config/cidr";

/** Whether a source is no range, but names a list of some that others keep, and may change (EC2, "Managed prefix lists"). */
export function isPrefixList(range: string): boolean {
  return range.startsWith("pl-");
}

/**
 * Whether every address of a range is in one of the others. A range that can't be read is in none: Go's parser, which the provider uses, reads
 * `0.0.0.0/00` as every address.
 */
export function isWithin(range: string, others: readonly string[]): boolean {
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

/** A list in words: what it has, or that it has nothing. */
export function named(values: readonly string[], none = "none"): string {
  return values.length === 0 ? none : values.join(", ");
}
