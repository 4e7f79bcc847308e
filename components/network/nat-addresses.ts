import * as aws from "@pulumi/aws";
import { isDenied, unlessNotFound } from "../../lib/pulumi/lookup-errors";
import type { FoundSubnet } from "./found-network";

/** Public source addresses of the traffic that leaves an existing network's private subnets. */
export interface NatAddresses {
  readonly addresses: readonly string[];
  /**
   * Subnets whose public address cannot be looked up: they use another account's gateway, a transit gateway, an appliance, or have no
   * egress.
   */
  readonly unknown: readonly Pick<FoundSubnet, "id" | "defaultRoute">[];
}

/** Asks AWS for the NAT gateways that are the targets of the private subnets' default routes. */
export async function findNatAddresses(subnets: readonly FoundSubnet[]): Promise<NatAddresses> {
  const gateways = [...new Set(subnets.flatMap(({ defaultRoute }) => (defaultRoute?.startsWith("nat-") ? defaultRoute : [])))];
  const found = new Map(await Promise.all(gateways.map(async (id) => [id, await addressesOf(id)] as const)));
  const known = ({ defaultRoute = "" }: FoundSubnet) => (found.get(defaultRoute) ?? []).length > 0;
  return { addresses: [...found.values()].flat(), unknown: subnets.filter((subnet) => !known(subnet)) };
}

/**
 * A NAT gateway's public addresses; empty if it has none, cannot be described, or is regional: a regional gateway's addresses change with
 * its zones.
 */
async function addressesOf(id: string): Promise<readonly string[]> {
  try {
    const gateway = await unlessNotFound(aws.ec2.getNatGateway({ id }));
    if (gateway === undefined || gateway.publicIp === "" || gateway.availabilityMode === "regional") return [];
    const further = await Promise.all(gateway.secondaryAllocationIds.map((allocation) => aws.ec2.getElasticIp({ id: allocation })));
    return [gateway.publicIp, ...further.map(({ publicIp }) => publicIp)];
  } catch (error) {
    if (isDenied(error)) return [];
    throw error;
  }
}
