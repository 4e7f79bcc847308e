import { block, formatCidr, parseCidr } from "./cidr";

/** The two subnets of one availability zone. */
export interface ZoneSubnets {
  readonly zone: string;
  readonly publicCidr: string;
  readonly privateCidr: string;
}

/** More zones than three give a cluster with three masters nothing; the reference templates stop there too. */
export const MOST_ZONES = 3;

/** A subnet is a sixteenth of the VPC's range: /20 of a /16, as in openshift/installer, upi/aws/cloudformation/01_vpc.yaml. */
export const SUBNET_BITS = 4;

/** AWS takes /16 to /28 for a VPC; below /23 the subnets would be smaller than the /27 that AWS asks for load balancers. */
export const VPC_PREFIX = { widest: 16, narrowest: 23 } as const;

/**
 * Divides a VPC's range: block 0, 1 and 2 are the public subnets, 3, 4 and 5 the private ones, in the order of `zones`. Room is always kept
 * for three zones, so that a zone added at the end of the list later moves nothing; ten blocks stay free for other uses.
 * @throws RangeError when the range is not one, or there are more than three zones.
 */
export function allocateSubnets(vpcCidr: string, zones: readonly string[]): ZoneSubnets[] {
  if (zones.length > MOST_ZONES) throw new RangeError(`${zones.length} zones: subnets are laid out for ${MOST_ZONES} at most`);
  const vpc = parseCidr(vpcCidr);
  const slot = (index: number): string => formatCidr(block(vpc, vpc.prefix + SUBNET_BITS, index));
  return zones.map((zone, index) => ({ zone, publicCidr: slot(index), privateCidr: slot(MOST_ZONES + index) }));
}
