import { contains, enclosingCidr } from "../config/cidr";

/** Whether a source is no range, but names a list of some that others keep, and may change (EC2, "Managed prefix lists"). */
export function isPrefixList(range: string): boolean {
  return range.startsWith("pl-");
}

/** Whether every address of a range is in one of the others. One that nobody can read is left to AWS, which refuses it. */
export function isWithin(range: string, others: readonly string[]): boolean {
  if (isPrefixList(range)) return false;
  if (range.includes(":")) return others.includes(range);
  try {
    const inner = enclosingCidr(range);
    return others.some((other) => contains(enclosingCidr(other), inner));
  } catch {
    return true;
  }
}

/** A list in words: what it has, or that it has nothing. */
export function named(values: readonly string[], none = "none"): string {
  return values.length === 0 ? none : values.join(", ");
}
