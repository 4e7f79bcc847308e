import type { Flow, MachineGroup } from "./model";

/** What the internet reaches of machines: what their security groups let in from outside, if they have a public address. */
export function exposedPorts(machines: MachineGroup, flows: readonly Flow[]): readonly Pick<Flow, "from" | "ports">[] {
  if (!machines.public) return [];
  return flows.filter(({ outside, to }) => outside && machines.securityGroups.includes(to)).map(({ from, ports }) => ({ from, ports }));
}
