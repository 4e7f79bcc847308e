import type { Problem } from "../../config/configuration-error";
import type { Scope } from "../../config/platform/router-shards";
import type { FoundNetwork } from "./found-network";

/** A subnet of the VPC that is not configured, and that no tag keeps the cluster's load balancers out of. */
export interface ForeignSubnet {
  readonly id: string;
  readonly zone: string;
  /** Whether a route leads to an internet gateway. */
  readonly isPublic: boolean;
}

/** Marks a subnet as no cluster's (openshift/installer pull request 9599; the installer asks for it from 4.19 on). */
const unmanagedTag = "kubernetes.io/cluster/unmanaged";

/**
 * The foreign subnets in which the cluster's load balancers of a scope get an interface. The cloud controller takes one subnet of each zone; the
 * configured ones win in theirs, by their tags (findSubnets and findELBSubnets, release-1.27 to release-1.36).
 */
export function landingIn({ privateSubnets, publicSubnets, foreignSubnets }: FoundNetwork, scope: Scope): readonly ForeignSubnet[] {
  const own = scope === "External" ? publicSubnets : [...privateSubnets, ...publicSubnets];
  return foreignSubnets.filter(({ zone, isPublic }) => !own.some((subnet) => subnet.zone === zone) && (scope === "Internal" || isPublic));
}

/** Why load balancers of a scope must not be created in a network that has these foreign subnets. */
export function foreignSubnetProblem({ vpcId }: FoundNetwork, subnets: readonly ForeignSubnet[], scope: Scope, region: string): Problem {
  const ids = subnets.map(({ id }) => id);
  const where = subnets.map(({ id, zone }) => `${id} (${zone})`).join(", ");
  const balancers = scope === "Internal" ? "internal load balancers" : "public load balancers";
  return {
    key: "vpcId",
    wrong: `names a VPC with other subnets that the cluster's ${balancers} would use, too, since no tag keeps them out: ${where}`,
    value: vpcId,
    allowed: "a VPC whose other subnets carry a tag kubernetes.io/cluster/<name>: of the cluster that they belong to, or unmanaged",
    fix: `aws ec2 create-tags --region ${region} --resources ${ids.join(" ")} --tags Key=${unmanagedTag},Value=true`,
  };
}
