import * as ipaddr from "ipaddr.js";

/** An IPv4 CIDR block in canonical form: no bits are set after the prefix. */
export interface Cidr {
  /** First address, as an unsigned 32-bit number. */
  readonly first: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** AWS reserves the first four addresses and the last one of every subnet (VPC user guide, "Subnet sizing"). */
const RESERVED_ADDRESSES = 5;

/**
 * Parses `10.0.0.0/16`.
 * @throws RangeError with a message that continues the value: "is not an IPv4 CIDR block".
 */
export function parseCidr(text: string): Cidr {
  const range = enclosingCidr(text);
  if (formatCidr(range) !== text) throw new RangeError(`has bits set after its prefix; the CIDR block is ${formatCidr(range)}`);
  return range;
}

/**
 * The /16 block that contains the address in `10.0.7.1/16`.
 *
 * @throws RangeError like {@link parseCidr}, but bits after the prefix are allowed
 */
export function enclosingCidr(text: string): Cidr {
  const { address = "", length = "" } = /^(?<address>\d{1,3}(?:\.\d{1,3}){3})\/(?<length>\d|[1-9]\d)$/.exec(text)?.groups ?? {};
  // Accepts only four decimal parts: the library also accepts "0x0a.1" and octal parts, which are mistakes in a configuration.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address))
    throw new RangeError(text.includes(":") ? "is an IPv6 CIDR block" : "is not an IPv4 CIDR block");
  const prefix = Number(length);
  if (prefix > 32) throw new RangeError("has a prefix longer than /32");
  const first = ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return { first: first - (first % addressCount({ first, prefix })), prefix };
}

export function formatCidr(range: Cidr): string {
  return `${formatAddress(range.first)}/${range.prefix}`;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Number of addresses in a CIDR block. */
export function addressCount(range: Cidr): number {
  return 2 ** (32 - range.prefix);
}

/** Number of addresses in a subnet that instances and load balancers can use. */
export function usableInSubnet(subnet: Cidr): number {
  return Math.max(0, addressCount(subnet) - RESERVED_ADDRESSES);
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.first >= outer.first && inner.first + addressCount(inner) <= outer.first + addressCount(outer);
}

/** Whether every address of `inner` is in at least one of `outers`; several of them may cover it together. */
export function isCovered(inner: Cidr, outers: readonly Cidr[]): boolean {
  if (outers.some((outer) => contains(outer, inner))) return true;
  if (!outers.some((outer) => contains(inner, outer))) return false;
  return [0, 1].every((half) => isCovered(subBlock(inner, inner.prefix + 1, half), outers));
}

/** Whether the two CIDR blocks overlap. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

/** Block number `index` (from 0) of the blocks of length `prefix` in `range`. @throws RangeError if there is no such block. */
export function subBlock(range: Cidr, prefix: number, index: number): Cidr {
  const found = { first: range.first + index * 2 ** (32 - prefix), prefix };
  if (prefix < range.prefix || prefix > 32 || index < 0 || !contains(range, found)) {
    throw new RangeError(`${formatCidr(range)} has no block ${index} of length /${prefix}`);
  }
  return found;
}
