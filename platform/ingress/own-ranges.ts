import { contains, parseCidr } from "../../config/cidr";

/**
 * The ranges that reach the default router, with those that the cluster itself comes from. Its operators ask for the console's, the login's and the
 * canary's routes through the router's load balancer, as users do, and are degraded without an answer (openshift/cluster-ingress-operator,
 * pkg/operator/controller/canary/http.go; openshift/cluster-authentication-operator and openshift/console-operator do likewise).
 *
 * @param ranges that the configuration allows
 * @param own of the cluster: its NAT gateways' addresses for a public load balancer, its machines' ranges for an internal one
 */
export function withOwnRanges(ranges: readonly string[], own: readonly string[]): string[] {
  return [...ranges, ...own.filter((range) => !ranges.some((other) => contains(parseCidr(other), parseCidr(range))))];
}
