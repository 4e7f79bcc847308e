import type { ConfigurationProblem } from "../../config/configuration-error";
import type { FoundNetwork, FoundSubnet, SubnetKey } from "./found-network";
import { subnetsByKey } from "./subnets-by-key";

/** Problems with the zones of the configured subnets: only availability zones, and one subnet of each kind per zone. */
export function zoneProblems(network: FoundNetwork, zones: readonly string[]): ConfigurationProblem[] {
  return [
    ...subnetsByKey(network).flatMap(([key, subnets]) => [
      ...subnets.flatMap((subnet) => locationProblems(key, subnet, zones)),
      ...sharedZones(key, subnets),
    ]),
    ...unpairedZones(network),
  ];
}

/**
 * Control plane nodes and network load balancers don't run in local and wavelength zones, nor on an Outpost (openshift/installer,
 * `pkg/asset/installconfig/aws/subnet.go`: EdgeSubnets).
 */
function locationProblems(key: SubnetKey, { id, zone, outpostArn }: FoundSubnet, zones: readonly string[]): ConfigurationProblem[] {
  const problem = { key, value: id, allowed: `subnets in the availability zones ${zones.join(", ")}` };
  if (outpostArn !== undefined) {
    const wrong = `names ${id}, which is on the Outpost ${outpostArn}: neither control plane nodes nor network load balancers run there`;
    return [{ ...problem, wrong, fix: "use a subnet that is in the region itself" }];
  }
  if (zones.includes(zone)) return [];
  const wrong = `names ${id} in ${zone}, which is not an available availability zone: neither control plane nodes nor network load balancers run in local or wavelength zones`;
  return [{ ...problem, wrong, fix: "use a subnet of one of these zones" }];
}

function sharedZones(key: SubnetKey, subnets: readonly FoundSubnet[]): ConfigurationProblem[] {
  const zones = subnets.map(({ zone }) => zone);
  return [...new Set(zones.filter((zone, index) => zones.indexOf(zone) !== index))].map((zone) => ({
    key,
    wrong: `names more than one subnet in ${zone}`,
    value: subnets.map(({ id }) => id).join(", "),
    allowed: "one subnet per zone",
    fix: `keep one of the subnets in ${zone}`,
  }));
}

function unpairedZones({ privateSubnets, publicSubnets }: FoundNetwork): ConfigurationProblem[] {
  const zonesOf = (subnets: readonly FoundSubnet[]) => [...new Set(subnets.map(({ zone }) => zone))].sort().join(", ");
  if (publicSubnets.length === 0 || zonesOf(publicSubnets) === zonesOf(privateSubnets)) return [];
  return [
    {
      key: "publicSubnetIds",
      wrong: `are in ${zonesOf(publicSubnets)}, but the private subnets are in ${zonesOf(privateSubnets)}`,
      allowed: "a public subnet in each zone of the private subnets",
      fix: "name subnets of the same zones in both lists",
    },
  ];
}
