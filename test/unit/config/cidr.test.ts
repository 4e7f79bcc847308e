import fc from "fast-check";
import {
  subBlock,
  contains,
  isCovered,
  type Cidr,
  formatCidr,
  overlap,
  parseCidr,
  addressCount,
  usableInSubnet,
} from "../../../config/cidr";

const ranges = fc
  .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address, prefix }): Cidr => ({ first: address - (address % 2 ** (32 - prefix)), prefix }));

/** Whether two blocks share an address, computed from their first and last addresses. */
function shares(one: Cidr, other: Cidr): boolean {
  return one.first < other.first + addressCount(other) && other.first < one.first + addressCount(one);
}

describe("CIDR blocks", () => {
  test("are formatted as they were parsed", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        expect(parseCidr(formatCidr(range))).toEqual(range);
      }),
    );
  });

  test.each([
    ["10.0.0.1/16", "has bits set after its prefix; the CIDR block is 10.0.0.0/16"],
    ["10.0.0.0/33", "has a prefix longer than /32"],
    ["10.0.0/16", "is not an IPv4 CIDR block"],
    ["10.0.0.256/32", "is not an IPv4 CIDR block"],
    ["010.0.0.0/8", "is not an IPv4 CIDR block"],
    ["10.0.0.0", "is not an IPv4 CIDR block"],
    ["fd00::/8", "is an IPv6 CIDR block"],
    ["", "is not an IPv4 CIDR block"],
  ])("are refused with the reason: %p %s", (text, reason) => {
    expect(() => parseCidr(text)).toThrow(new RangeError(reason));
  });

  test("overlap exactly if they share an address", () => {
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        expect(overlap(one, other)).toBe(shares(one, other));
      }),
    );
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        expect(overlap(one, other)).toBe(overlap(other, one));
      }),
    );
  });

  test("contain themselves, and contain each other only if they are equal", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        expect(contains(range, range)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        if (contains(one, other) && contains(other, one)) expect(one).toEqual(other);
      }),
    );
  });

  test("are covered by other blocks exactly if these together contain each address", () => {
    const small = fc.record({ first: fc.nat(63), prefix: fc.integer({ min: 26, max: 32 }) }).map(({ first, prefix }) => ({
      first: first - (first % 2 ** (32 - prefix)),
      prefix,
    }));
    fc.assert(
      fc.property(small, fc.array(small, { maxLength: 6 }), (inner, outers) => {
        const addresses = Array.from({ length: addressCount(inner) }, (_, offset) => ({ first: inner.first + offset, prefix: 32 }));
        expect(isCovered(inner, outers)).toBe(addresses.every((address) => outers.some((outer) => contains(outer, address))));
      }),
    );
  });

  test("are divided into disjoint blocks that are in order and fill them", () => {
    fc.assert(
      fc.property(
        ranges.filter(({ prefix }) => prefix <= 28),
        fc.integer({ min: 0, max: 4 }),
        (range, bits) => {
          const blocks = Array.from({ length: 2 ** bits }, (_, index) => subBlock(range, range.prefix + bits, index));
          expect(blocks.reduce((sum, each) => sum + addressCount(each), 0)).toBe(addressCount(range));
          blocks.forEach((each, index) => {
            expect(contains(range, each)).toBe(true);
            if (index > 0) expect(each.first).toBe(blocks[index - 1].first + addressCount(blocks[index - 1]));
          });
          expect(() => subBlock(range, range.prefix + bits, 2 ** bits)).toThrow(RangeError);
        },
      ),
    );
  });

  test("lose five addresses to AWS as a subnet", () => {
    expect(usableInSubnet(parseCidr("10.0.0.0/20"))).toBe(4091);
    expect(usableInSubnet(parseCidr("10.0.0.0/28"))).toBe(11);
    expect(usableInSubnet(parseCidr("10.0.0.0/32"))).toBe(0);
  });
});
