import type { FoundNetwork, FoundSubnet } from "./found-network";

/** The key that a subnet is configured by. */
export type SubnetKey = "privateSubnetIds" | "publicSubnetIds";

/** The configured subnets under their keys. */
export function subnetsByKey(network: FoundNetwork): readonly (readonly [SubnetKey, readonly FoundSubnet[]])[] {
  return [
    ["privateSubnetIds", network.privateSubnets],
    ["publicSubnetIds", network.publicSubnets],
  ];
}
