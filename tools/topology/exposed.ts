import type { Flow, MachineGroup } from "./model";

/**
 * The ports of instances that can be reached from the internet. Instances with a public address have such ports: the ports that their
 * security groups open to the outside.
 */
export function exposedPorts(machines: MachineGroup, flows: readonly Flow[]): readonly Pick<Flow, "from" | "ports">[] {
  if (!machines.public) return [];
  return flows.filter(({ outside, to }) => outside && machines.securityGroups.includes(to)).map(({ from, ports }) => ({ from, ports }));
}
