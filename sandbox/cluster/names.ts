import { createHash } from "node:crypto";
import { isFailure, resolve } from "../machines";
import { readBalancers } from "../machines/reading/balancers";
import { readZones } from "../machines/reading/zones";

/**
 * The addresses of a name for a computer outside the account. The internet's resolvers know the public zones and the
 * names of all load balancers, even of internal load balancers (Elastic Load Balancing user guide, "How Elastic Load
 * Balancing works": the names are publicly resolvable).
 */
export async function addressesOfName(name: string, regions: readonly string[]): Promise<readonly string[]> {
  const [zones, ...balancers] = await Promise.all([readZones(regions[0]), ...regions.map(readBalancers)]);
  const loadBalancers = balancers.flatMap((each) => each.loadBalancers.map((balancer) => ({ ...balancer, addresses: [] })));
  const found = resolve({ zones, loadBalancers, vpcs: [], instances: [] }, "internet", name);
  if (isFailure(found)) return [];
  return "addresses" in found ? found.addresses : [madeUpAddress(found.balancer.dnsName)];
}

/** An address that is always the same for a load balancer's name, from the CIDR block for benchmark tests (RFC 2544). */
function madeUpAddress(name: string): string {
  const [one = 0, two = 0, three = 0] = createHash("sha256").update(name).digest();
  return `198.${18 + (one % 2)}.${two}.${three}`;
}
