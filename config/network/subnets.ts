import { subBlock, formatCidr, parseCidr } from "../cidr";

/** The two subnets of one availability zone. */
export interface ZoneSubnets {
  readonly zone: string;
  readonly publicCidr: string;
  readonly privateCidr: string;
}

/**
 * More than three zones don't help a cluster with three control plane nodes; openshift/installer, upi/aws/cloudformation, has the same
 * limit.
 */
export const MAX_ZONES = 3;

/** A subnet is a sixteenth of the VPC: a /20 of a /16, as in openshift/installer, upi/aws/cloudformation/01_vpc.yaml. */
export const SUBNET_BITS = 4;

/** AWS allows a VPC from /16 to /28, but in a VPC smaller than /23 the subnets would be smaller than the /27 that load balancers need. */
export const VPC_PREFIX = { widest: 16, narrowest: 23 } as const;

/**
 * Divides a VPC's CIDR block: blocks 0, 1 and 2 are the public subnets, 3, 4 and 5 the private ones, in the order of `zones`. The layout
 * always reserves three zones, so a zone added later at the end of the list moves no subnet; ten blocks stay free for other uses.
 * @throws RangeError for an invalid CIDR block, or more than three zones.
 */
export function allocateSubnets(vpcCidr: string, zones: readonly string[]): ZoneSubnets[] {
  if (zones.length > MAX_ZONES) throw new RangeError(`${zones.length} zones: subnets are laid out for ${MAX_ZONES} at most`);
  const vpc = parseCidr(vpcCidr);
  const slot = (index: number): string => formatCidr(subBlock(vpc, vpc.prefix + SUBNET_BITS, index));
  return zones.map((zone, index) => ({ zone, publicCidr: slot(index), privateCidr: slot(MAX_ZONES + index) }));
}
