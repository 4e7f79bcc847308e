import type { FoundNetwork, FoundSubnet, SubnetKey } from "./found-network";

/** The configured subnets under their keys. */
export function subnetsByKey(network: FoundNetwork): readonly (readonly [SubnetKey, readonly FoundSubnet[]])[] {
  return [
    ["privateSubnetIds", network.privateSubnets],
    ["publicSubnetIds", network.publicSubnets],
  ];
}
