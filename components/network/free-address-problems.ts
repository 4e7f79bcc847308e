import type { Configuration } from "../../config/configuration";
import type { ConfigurationProblem } from "../../config/configuration-error";
import { ADDRESSES_FOR_BALANCERS } from "../../config/network/fields";
import type { FoundNetwork, SubnetKey } from "./found-network";
import { subnetsByKey } from "./subnets-by-key";

/** Number of instances in each configured subnet, in the order of the key's list. */
export type InstanceCounts = Readonly<Record<SubnetKey, readonly number[]>>;

/**
 * Number of a new cluster's instances in each subnet. Each pool is distributed over the private subnets in turn, as `MachinePool` does. A
 * mount target of the shared file system counts as an instance: it has an address in each private subnet.
 */
export function instanceCounts(
  configuration: Pick<Configuration, "masters" | "workers" | "infra" | "publish" | "installerHost"> & {
    readonly platform: Pick<Configuration["platform"], "sharedStorage">;
  },
  zones: number,
): InstanceCounts {
  const pools = [configuration.masters, configuration.workers, configuration.infra];
  const mountTargets = configuration.platform.sharedStorage === undefined ? 0 : 1;
  const spread = Array.from({ length: zones }, (_, index) =>
    pools.reduce((sum, { count }) => sum + Math.floor((count + zones - 1 - index) / zones), mountTargets),
  );
  // The bootstrap instance and the installer host are in the first subnet of their kind.
  const single = configuration.installerHost ? 2 : 1;
  const first = (counts: readonly number[]): number[] => counts.map((count, index) => (index === 0 ? count + single : count));
  if (configuration.publish === "Internal") return { privateSubnetIds: first(spread), publicSubnetIds: [] };
  return { privateSubnetIds: spread, publicSubnetIds: first(spread.map(() => 0)) };
}

/** Subnets without enough free addresses for the instances and load balancers. */
export function freeAddressProblems(network: FoundNetwork, room: InstanceCounts): ConfigurationProblem[] {
  return subnetsByKey(network).flatMap(([key, subnets]) =>
    subnets.flatMap(({ id, freeAddresses, cidrBlock }, index) => {
      const machines = room[key][index] ?? 0;
      const needed = machines + ADDRESSES_FOR_BALANCERS;
      if (freeAddresses >= needed || cidrBlock === "") return [];
      return [
        {
          key,
          wrong: `names ${id}, which has ${freeAddresses} free addresses for ${machines} instances or mount targets and the load balancers`,
          value: id,
          allowed: `subnets with a free address for each instance and mount target, and ${ADDRESSES_FOR_BALANCERS} for load balancers, here ${needed}`,
          fix: "free addresses in it, use another subnet of its zone, or fewer instances",
        },
      ];
    }),
  );
}
