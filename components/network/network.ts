import type * as pulumi from "@pulumi/pulumi";

/** A subnet and the zone that it lies in. */
export interface ZoneSubnet {
  readonly zone: string;
  readonly id: pulumi.Output<string>;
}

/** What the other components need of a network, whether it was made or found. */
export interface Network {
  readonly vpcId: pulumi.Output<string>;
  /** One per zone, in the order of the zones. */
  readonly privateSubnets: readonly ZoneSubnet[];
  /** One per zone; none in a network without a way in from the internet. */
  readonly publicSubnets: readonly ZoneSubnet[];
  /** The public subnets' route to the internet, where it is this stack's own. */
  readonly publicRoute?: pulumi.Resource;
  /** Addresses that the internet sees what leaves the private subnets come from: the NAT gateways'. None where the way out is another one. */
  readonly natAddresses: pulumi.Output<readonly string[]>;
  /** What a machine's first boot needs to reach the outside: routes, gateways, endpoints. */
  readonly egress: readonly pulumi.Resource[];
}

/** Tags by which the cluster's cloud controller picks a load balancer's subnets (reference, section 1). */
export const subnetRoleTags = {
  public: { key: "kubernetes.io/role/elb", value: "1" },
  private: { key: "kubernetes.io/role/internal-elb", value: "1" },
} as const;
