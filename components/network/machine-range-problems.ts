import { type Cidr, contains, covered, formatCidr, parseCidr } from "../../config/cidr";
import type { Problem } from "../../config/configuration-error";
import { setCommand } from "../../config/finding";
import { MOST_MACHINE_RANGES } from "../../config/rules/ranges";
import type { FoundNetwork, FoundSubnet, SubnetKey } from "./found-network";
import { subnetsByKey } from "./subnets-by-key";

/** Problems with the machines' ranges: they lie in the VPC, which may have several ranges, and hold every configured subnet. */
export function machineRangeProblems(network: FoundNetwork, machineCidrs: readonly string[]): Problem[] {
  const subnets = subnetsByKey(network).flatMap(([key, found]) => found.map((subnet) => ({ key, subnet })));
  const withRange = subnets.filter(({ subnet }) => subnet.cidrBlock !== "").map(({ subnet }) => subnet);
  return [
    ...subnets.filter(({ subnet }) => subnet.cidrBlock === "").map(({ key, subnet }) => withoutRange(key, subnet)),
    ...outsideVpc(network, machineCidrs),
    ...leftOut(network, withRange, machineCidrs),
  ];
}

/** An IPv6-only subnet (Amazon VPC user guide, "Subnet types"). */
function withoutRange(key: SubnetKey, { id }: FoundSubnet): Problem {
  return {
    key,
    wrong: `names ${id}, which has IPv6 addresses only`,
    value: id,
    allowed: "subnets with an IPv4 range, which machines and network load balancers need",
    fix: "use an IPv4 or dual-stack subnet of its zone",
  };
}

/** What machines may be reached from opens the machine config server, too: never more than the VPC (reference, section 4). */
function outsideVpc({ vpcCidrs }: FoundNetwork, machineCidrs: readonly string[]): Problem[] {
  const vpc = vpcCidrs.map(parseCidr);
  const outside = machineCidrs.filter((cidr) => !covered(parseCidr(cidr), vpc));
  if (outside.length === 0) return [];
  return [
    {
      key: "machineCidr",
      wrong: `has ${outside.join(" and ")}, which reaches beyond the VPC's ranges: others would reach the machine config server, which hands out secrets`,
      value: machineCidrs.join(","),
      allowed: `ranges inside ${vpcCidrs.join(" and ")}`,
      fix: "set machineCidr to the VPC's ranges, or to parts of them that hold the subnets",
    },
  ];
}

/** Subnets that none of the ranges holds: the security groups would shut their machines and load balancers out. */
function leftOut({ vpcCidrs }: FoundNetwork, subnets: readonly FoundSubnet[], machineCidrs: readonly string[]): Problem[] {
  const machines = machineCidrs.map(parseCidr);
  const outside = subnets.filter(({ cidrBlock }) => !covered(parseCidr(cidrBlock), machines));
  if (outside.length === 0) return [];
  const missing = outside.map(({ cidrBlock }) => vpcCidrs.find((range) => contains(parseCidr(range), parseCidr(cidrBlock))) ?? cidrBlock);
  const needed = joined([...machines, ...missing.map(parseCidr)]);
  return [
    {
      key: "machineCidr",
      wrong: `doesn't hold ${outside.map(({ id, cidrBlock }) => `${cidrBlock} of ${id}`).join(" and ")}, which the security groups would shut out`,
      value: machineCidrs.join(","),
      allowed: `up to ${MOST_MACHINE_RANGES} ranges with commas between, which hold every configured subnet`,
      fix: setCommand("machineCidr", needed.map(formatCidr).join(",")),
    },
  ];
}

/** The ranges without those that lie in others. */
function joined(ranges: readonly Cidr[]): Cidr[] {
  return ranges.filter(
    (range, index) =>
      !ranges.some((other, place) => place !== index && contains(other, range) && (place < index || !contains(range, other))),
  );
}
