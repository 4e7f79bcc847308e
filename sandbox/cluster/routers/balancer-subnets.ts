import { isPublicSubnet, type Subnet } from "../../machines";
import type { BalancerRequest } from "./balancer";

/** The parts of a load balancer request that decide about its subnets. */
export type SubnetRequest = Pick<BalancerRequest, "snapshot" | "instances" | "infraId" | "internal" | "subnetIds">;

const clusterTags = "kubernetes.io/cluster/";

/**
 * The subnets of a Service's load balancer: those that the Service names, otherwise one in each availability zone
 * (kubernetes/cloud-provider-aws, pkg/providers/v1/aws.go of release-1.32: getLoadBalancerSubnets, findSubnets and findELBSubnets).
 *
 * @throws Error with the cloud controller's own message if there are none
 */
export function subnetsFor(request: SubnetRequest): Subnet[] {
  const { snapshot, subnetIds } = request;
  if (subnetIds.length > 0) {
    const named = snapshot.subnets.filter(({ id }) => subnetIds.includes(id));
    if (named.length < subnetIds.length) throw new Error(`could not find the subnets ${subnetIds.join(", ")}`);
    return named;
  }
  const byZone = new Map<string, Subnet>();
  for (const subnet of candidates(request)) {
    const other = byZone.get(subnet.zone);
    byZone.set(subnet.zone, other === undefined ? subnet : preferred(request, other, subnet));
  }
  // The controller uses no local or wavelength zones: these types of load balancers do not exist there.
  const chosen = [...byZone.values()].filter(({ zoneType }) => zoneType === "availability-zone");
  if (chosen.length === 0) throw new Error("could not find any suitable subnets for creating the ELB");
  return chosen.sort((one, other) => one.zone.localeCompare(other.zone));
}

/**
 * Subnets with this cluster's tag or without any cluster's tag; if there are none, the first node's subnet. An external load balancer uses only the public ones
 * of these subnets.
 */
function candidates({ snapshot, instances, infraId, internal }: SubnetRequest): Subnet[] {
  const [{ vpcId, subnetId }] = instances;
  const ofVpc = snapshot.subnets.filter((subnet) => subnet.vpcId === vpcId);
  const tagged = ofVpc.filter(
    ({ tags }) => `${clusterTags}${infraId}` in tags || !Object.keys(tags).some((key) => key.startsWith(clusterTags)),
  );
  const found = tagged.length > 0 ? tagged : ofVpc.filter(({ id }) => id === subnetId);
  return found.filter(({ id }) => internal || isPublicSubnet(snapshot, id));
}

/** Of two subnets in a zone: the one with the role's tag, then the one with the cluster's tag, then the one with the smaller id. */
function preferred({ infraId, internal }: SubnetRequest, one: Subnet, other: Subnet): Subnet {
  for (const tag of [internal ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb", `${clusterTags}${infraId}`])
    if (tag in one.tags !== tag in other.tags) return tag in one.tags ? one : other;
  return one.id < other.id ? one : other;
}
