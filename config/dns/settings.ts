import type { Configuration } from "../configuration";
import { isDisconnected } from "../mirror/fields";

/**
 * Whether the cluster itself writes the DNS records of its routes. Route 53 has no VPC endpoint, so disconnected nodes reach it only
 * through a proxy (openshift-docs, "Installing a cluster on AWS in a restricted network").
 */
export function clusterWritesRecords({ mirror, proxy }: Pick<Configuration, "mirror" | "proxy">): boolean {
  return !isDisconnected(mirror?.mode) || proxy !== undefined;
}
