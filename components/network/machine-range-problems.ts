import { type Cidr, contains, isCovered, formatCidr, parseCidr } from "../../config/cidr";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { setCommand } from "../../config/problem";
import { MAX_MACHINE_CIDRS } from "../../config/network/fields";
import type { FoundNetwork, FoundSubnet, SubnetKey } from "./found-network";
import { subnetsByKey } from "./subnets-by-key";

/** Problems with `machineCidr`: its CIDR blocks must be inside the CIDR blocks of the VPC, and must contain every configured subnet. */
export function machineRangeProblems(network: FoundNetwork, machineCidrs: readonly string[]): ConfigurationProblem[] {
  const subnets = subnetsByKey(network).flatMap(([key, found]) => found.map((subnet) => ({ key, subnet })));
  const withRange = subnets.filter(({ subnet }) => subnet.cidrBlock !== "").map(({ subnet }) => subnet);
  return [
    ...subnets.filter(({ subnet }) => subnet.cidrBlock === "").map(({ key, subnet }) => ipv6OnlyProblem(key, subnet)),
    ...outsideVpc(network, machineCidrs),
    ...outsideMachineCidrs(network, withRange, machineCidrs),
  ];
}

/** Problem of an IPv6-only subnet (Amazon VPC user guide, "Subnet types"). */
function ipv6OnlyProblem(key: SubnetKey, { id }: FoundSubnet): ConfigurationProblem {
  return {
    key,
    wrong: `names ${id}, which has IPv6 addresses only`,
    value: id,
    allowed: "subnets with an IPv4 CIDR block, which instances and network load balancers need",
    fix: "use an IPv4 or dual-stack subnet of its zone",
  };
}

/**
 * The security groups open the machine config server to `machineCidr`, too, so it must not reach beyond the VPC (openshift/installer,
 * `upi/aws/cloudformation/03_cluster_security.yaml`).
 */
function outsideVpc({ vpcCidrs }: FoundNetwork, machineCidrs: readonly string[]): ConfigurationProblem[] {
  const vpc = vpcCidrs.map(parseCidr);
  const outside = machineCidrs.filter((cidr) => !isCovered(parseCidr(cidr), vpc));
  if (outside.length === 0) return [];
  return [
    {
      key: "machineCidr",
      wrong: `has ${outside.join(" and ")}, which reaches beyond the VPC's CIDR blocks: others could reach the machine config server, which serves secrets`,
      value: machineCidrs.join(","),
      allowed: `CIDR blocks inside ${vpcCidrs.join(" and ")}`,
      fix: "set machineCidr to the VPC's CIDR blocks, or to parts of them that contain the subnets",
    },
  ];
}

/** Subnets that `machineCidr` does not contain: the security groups would block their instances and load balancers. */
function outsideMachineCidrs(
  { vpcCidrs }: FoundNetwork,
  subnets: readonly FoundSubnet[],
  machineCidrs: readonly string[],
): ConfigurationProblem[] {
  const machines = machineCidrs.map(parseCidr);
  const outside = subnets.filter(({ cidrBlock }) => !isCovered(parseCidr(cidrBlock), machines));
  if (outside.length === 0) return [];
  const missing = outside.map(({ cidrBlock }) => vpcCidrs.find((range) => contains(parseCidr(range), parseCidr(cidrBlock))) ?? cidrBlock);
  const needed = withoutContained([...machines, ...missing.map(parseCidr)]);
  return [
    {
      key: "machineCidr",
      wrong: `does not contain ${outside.map(({ id, cidrBlock }) => `${cidrBlock} of ${id}`).join(" and ")}, which the security groups would block`,
      value: machineCidrs.join(","),
      allowed: `up to ${MAX_MACHINE_CIDRS} CIDR blocks, separated by commas, that contain every configured subnet`,
      fix: setCommand("machineCidr", needed.map(formatCidr).join(",")),
    },
  ];
}

/** Removes each CIDR block that another block of the list contains. */
function withoutContained(ranges: readonly Cidr[]): Cidr[] {
  return ranges.filter(
    (range, index) =>
      !ranges.some((other, place) => place !== index && contains(other, range) && (place < index || !contains(range, other))),
  );
}
