import type { AwsSnapshot } from "../aws-snapshot";
import { readBalancers } from "./balancers";
import { readEc2 } from "./ec2";
import { readPermissions } from "./permissions";
import { readZones } from "./zones";

/**
 * Reads a region through AWS's own API, with the proxy, certificates and credentials of the environment. Reads everything in parallel, and
 * all pages.
 *
 * @throws the AWS SDK's errors, after its own retries.
 */
export async function readAwsSnapshot(region: string): Promise<AwsSnapshot> {
  const permissions = readPermissions(region);
  const [ec2, balancers, zones] = await Promise.all([readEc2(region), readBalancers(region), readZones(region)]);
  const { balancerAddresses, ...rest } = ec2;
  const { loadBalancers, targetGroups } = balancers;
  return {
    region,
    ...rest,
    zones,
    targetGroups,
    loadBalancers: loadBalancers.map((balancer) => ({ ...balancer, addresses: balancerAddresses(balancer) })),
    ...permissions,
  };
}
