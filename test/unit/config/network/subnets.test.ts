import fc from "fast-check";
import { contains, formatCidr, overlap, parseCidr } from "../../../../config/cidr";
import { allocateSubnets, MAX_ZONES, SUBNET_BITS, VPC_PREFIX } from "../../../../config/network/subnets";

const vpcs = fc
  .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: VPC_PREFIX.widest, max: VPC_PREFIX.narrowest }) })
  .map(({ address, prefix }) => formatCidr({ first: address - (address % 2 ** (32 - prefix)), prefix }));
const zoneLists = fc.uniqueArray(fc.constantFrom("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"), {
  minLength: 1,
  maxLength: MAX_ZONES,
});

function all(vpc: string, zones: readonly string[]): string[] {
  return allocateSubnets(vpc, zones).flatMap(({ publicCidr, privateCidr }) => [publicCidr, privateCidr]);
}

describe("a new VPC's subnets", () => {
  // openshift/installer, upi/aws/cloudformation/01_vpc.yaml with its defaults (10.0.0.0/16, three zones, SubnetBits 12): public subnets first.
  test("are those of OpenShift's CloudFormation template", () => {
    expect(allocateSubnets("10.0.0.0/16", ["us-east-1a", "us-east-1b", "us-east-1c"])).toEqual([
      { zone: "us-east-1a", publicCidr: "10.0.0.0/20", privateCidr: "10.0.48.0/20" },
      { zone: "us-east-1b", publicCidr: "10.0.16.0/20", privateCidr: "10.0.64.0/20" },
      { zone: "us-east-1c", publicCidr: "10.0.32.0/20", privateCidr: "10.0.80.0/20" },
    ]);
  });

  test("are disjoint parts of the VPC, each a sixteenth of it", () => {
    fc.assert(
      fc.property(vpcs, zoneLists, (vpc, zones) => {
        const subnets = all(vpc, zones).map(parseCidr);
        subnets.forEach((subnet, index) => {
          expect(contains(parseCidr(vpc), subnet)).toBe(true);
          expect(subnet.prefix).toBe(parseCidr(vpc).prefix + SUBNET_BITS);
          for (const other of subnets.slice(index + 1)) expect(overlap(subnet, other)).toBe(false);
        });
      }),
    );
  });

  test("keep their CIDR blocks when zones are added at the end", () => {
    fc.assert(
      fc.property(vpcs, zoneLists, fc.integer({ min: 1, max: MAX_ZONES }), (vpc, zones, count) => {
        const fewer = zones.slice(0, count);
        expect(allocateSubnets(vpc, zones).slice(0, fewer.length)).toEqual(allocateSubnets(vpc, fewer));
      }),
    );
  });

  test("fit at most three zones", () => {
    expect(() => allocateSubnets("10.0.0.0/16", ["a", "b", "c", "d"])).toThrow("4 zones: subnets are laid out for 3 at most");
  });
});
