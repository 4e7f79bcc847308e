import type { MachineGroup } from "./model";

/** "3 × masters (m6i.xlarge)"; without a number for a single instance. */
export function countText({ group, count, instanceTypes }: MachineGroup): string {
  return `${count === 1 ? group : `${count} × ${group}`} (${instanceTypes.join(", ")})`;
}
