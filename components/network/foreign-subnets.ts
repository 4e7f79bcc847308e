import type { ConfigurationProblem } from "../../config/configuration-error";
import type { Scope } from "../../config/ingress/settings";
import type { ForeignSubnet, FoundNetwork } from "./found-network";

/**
 * Tag of a subnet that no cluster may use. From 4.19 on, openshift-install refuses a VPC that contains a subnet which the install-config does not
 * name, unless the subnet has this tag or a cluster's tag (openshift/installer pull request 9599).
 */
const unmanagedTag = "kubernetes.io/cluster/unmanaged";

/**
 * The foreign subnets in which the cluster's load balancers of a scope get a network interface. The cloud controller takes one subnet of each
 * zone. In a zone with a configured subnet it takes the configured one, because of its tags (kubernetes/cloud-provider-aws,
 * `pkg/providers/v1/aws.go`: findSubnets and findELBSubnets, release-1.27 to release-1.36).
 */
export function foreignSubnetsUsedBy(
  { privateSubnets, publicSubnets, foreignSubnets }: FoundNetwork,
  scope: Scope,
): readonly ForeignSubnet[] {
  const own = scope === "External" ? publicSubnets : [...privateSubnets, ...publicSubnets];
  return foreignSubnets.filter(({ zone, isPublic }) => !own.some((subnet) => subnet.zone === zone) && (scope === "Internal" || isPublic));
}

/** The problem that load balancers of this scope would also be placed in foreign subnets: subnets of the VPC that are not configured. */
export function foreignSubnetProblem(
  { vpcId }: FoundNetwork,
  subnets: readonly ForeignSubnet[],
  scope: Scope,
  region: string,
): ConfigurationProblem {
  const ids = subnets.map(({ id }) => id);
  const where = subnets.map(({ id, zone }) => `${id} (${zone})`).join(", ");
  const balancers = scope === "Internal" ? "internal load balancers" : "public load balancers";
  return {
    key: "vpcId",
    wrong: `names a VPC with other subnets that the cluster's ${balancers} would also use, since no tag keeps them out: ${where}`,
    value: vpcId,
    allowed:
      "a VPC whose other subnets have a tag kubernetes.io/cluster/<name>, where <name> is the cluster that they belong to, or unmanaged",
    fix: `aws ec2 create-tags --region ${region} --resources ${ids.join(" ")} --tags Key=${unmanagedTag},Value=true`,
  };
}
