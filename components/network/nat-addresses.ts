import * as aws from "@pulumi/aws";
import { isDenied, unlessMissing } from "../missing";
import type { FoundSubnet } from "./found-network";

/** By which addresses the internet sees what leaves an existing network's private subnets. */
export interface NatAddresses {
  readonly addresses: readonly string[];
  /** Subnets whose way out has an address that can't be found: another account's gateway, a transit gateway, an appliance, or none. */
  readonly unknown: readonly Pick<FoundSubnet, "id" | "defaultRoute">[];
}

/** Asks AWS for the NAT gateways that private subnets' default routes lead to. */
export async function findNatAddresses(subnets: readonly FoundSubnet[]): Promise<NatAddresses> {
  const gateways = [...new Set(subnets.flatMap(({ defaultRoute }) => (defaultRoute?.startsWith("nat-") ? defaultRoute : [])))];
  const found = new Map(await Promise.all(gateways.map(async (id) => [id, await addressesOf(id)] as const)));
  const known = ({ defaultRoute = "" }: FoundSubnet) => (found.get(defaultRoute) ?? []).length > 0;
  return { addresses: [...found.values()].flat(), unknown: subnets.filter((subnet) => !known(subnet)) };
}

/** A gateway's public addresses; none where it has none, or can't be looked at. Those of a regional one come and go with its zones. */
async function addressesOf(id: string): Promise<readonly string[]> {
  try {
    const gateway = await unlessMissing(aws.ec2.getNatGateway({ id }));
    if (gateway === undefined || gateway.publicIp === "" || gateway.availabilityMode === "regional") return [];
    const further = await Promise.all(gateway.secondaryAllocationIds.map((allocation) => aws.ec2.getElasticIp({ id: allocation })));
    return [gateway.publicIp, ...further.map(({ publicIp }) => publicIp)];
  } catch (error) {
    if (isDenied(error)) return [];
    throw error;
  }
}
