import { contains, parseCidr } from "../../config/cidr";

/**
 * CIDR blocks that may reach the default router: the configured CIDR blocks, and the CIDR blocks from which the cluster's own requests
 * come. The cluster's operators request the routes of the console, the login and the canary through the router's load balancer, as users
 * do. If these requests are not answered, the operators become degraded (openshift/cluster-ingress-operator,
 * pkg/operator/controller/canary/http.go; openshift/cluster-authentication-operator and openshift/console-operator do the same).
 *
 * @param ranges the configured CIDR blocks
 * @param own the cluster's CIDR blocks: the NAT gateways' addresses for a public load balancer, the instances' CIDR blocks for an internal
 *   one
 */
export function withOwnRanges(ranges: readonly string[], own: readonly string[]): string[] {
  return [...ranges, ...own.filter((range) => !ranges.some((other) => contains(parseCidr(other), parseCidr(range))))];
}
