import type { Flow, MachineGroup } from "./model";

/** The ports of instances that the internet can reach: those that their security groups open to the outside, if they have a public address. */
export function exposedPorts(machines: MachineGroup, flows: readonly Flow[]): readonly Pick<Flow, "from" | "ports">[] {
  if (!machines.public) return [];
  return flows.filter(({ outside, to }) => outside && machines.securityGroups.includes(to)).map(({ from, ports }) => ({ from, ports }));
}
