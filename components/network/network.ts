import type * as pulumi from "@pulumi/pulumi";

/** A subnet and its availability zone. */
export interface ZoneSubnet {
  readonly zone: string;
  readonly id: pulumi.Output<string>;
}

/** A network as the other components use it, whether it is new or existing. */
export interface Network {
  readonly vpcId: pulumi.Output<string>;
  /** One per zone, in the order of the zones. */
  readonly privateSubnets: readonly ZoneSubnet[];
  /** One per zone; empty in a network without an internet gateway. */
  readonly publicSubnets: readonly ZoneSubnet[];
  /** The public subnets' route to the internet, if this stack owns it. */
  readonly publicRoute?: pulumi.Resource;
  /** Public source addresses of traffic from the private subnets: the NAT gateways' addresses. Empty with another kind of egress. */
  readonly natAddresses: pulumi.Output<readonly string[]>;
  /** Routes, gateways and endpoints that an instance needs at its first boot to reach anything outside the VPC. */
  readonly egress: readonly pulumi.Resource[];
}

/**
 * Tags by which the cloud controller selects a load balancer's subnets (kubernetes/cloud-provider-aws, `pkg/providers/v1/aws.go`,
 * findELBSubnets).
 */
export const subnetRoleTags = {
  public: { key: "kubernetes.io/role/elb", value: "1" },
  private: { key: "kubernetes.io/role/internal-elb", value: "1" },
} as const;
