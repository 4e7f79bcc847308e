import { isPublicSubnet, type Subnet } from "../../machines";
import type { BalancerRequest } from "./balancer";

/** What a Service's load balancer is created in, of the request for it. */
export type SubnetRequest = Pick<BalancerRequest, "world" | "instances" | "infraId" | "internal" | "subnetIds">;

const clusterTags = "kubernetes.io/cluster/";

/**
 * The subnets of a Service's load balancer: those that the Service names, else one in each availability zone
 * (kubernetes/cloud-provider-aws, pkg/providers/v1/aws.go of release-1.32: getLoadBalancerSubnets, findSubnets and findELBSubnets).
 *
 * @throws Error in the words of the controller that finds none
 */
export function subnetsFor(request: SubnetRequest): Subnet[] {
  const { world, subnetIds } = request;
  if (subnetIds.length > 0) {
    const named = world.subnets.filter(({ id }) => subnetIds.includes(id));
    if (named.length < subnetIds.length) throw new Error(`could not find the subnets ${subnetIds.join(", ")}`);
    return named;
  }
  const byZone = new Map<string, Subnet>();
  for (const subnet of candidates(request)) {
    const other = byZone.get(subnet.zone);
    byZone.set(subnet.zone, other === undefined ? subnet : preferred(request, other, subnet));
  }
  // Of local and wavelength zones the controller takes none: there are no load balancers of these types.
  const chosen = [...byZone.values()].filter(({ zoneType }) => zoneType === "availability-zone");
  if (chosen.length === 0) throw new Error("could not find any suitable subnets for creating the ELB");
  return chosen.sort((one, other) => one.zone.localeCompare(other.zone));
}

/** Subnets with the cluster's tag or no cluster's at all, which are public where the load balancer is; without any, that of the first node. */
function candidates({ world, instances, infraId, internal }: SubnetRequest): Subnet[] {
  const [{ vpcId, subnetId }] = instances;
  const ofVpc = world.subnets.filter((subnet) => subnet.vpcId === vpcId);
  const tagged = ofVpc.filter(
    ({ tags }) => `${clusterTags}${infraId}` in tags || !Object.keys(tags).some((key) => key.startsWith(clusterTags)),
  );
  const found = tagged.length > 0 ? tagged : ofVpc.filter(({ id }) => id === subnetId);
  return found.filter(({ id }) => internal || isPublicSubnet(world, id));
}

/** Of two subnets in a zone the one with the tag of the role, then the one with the cluster's tag, then the one whose ID comes first. */
function preferred({ infraId, internal }: SubnetRequest, one: Subnet, other: Subnet): Subnet {
  for (const tag of [internal ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb", `${clusterTags}${infraId}`])
    if (tag in one.tags !== tag in other.tags) return tag in one.tags ? one : other;
  return one.id < other.id ? one : other;
}
