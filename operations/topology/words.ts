import type { MachineGroup } from "./model";

/** "3 × masters (m6i.xlarge)"; a single one has no number. */
export function countText({ group, count, instanceTypes }: MachineGroup): string {
  return `${count === 1 ? group : `${count} × ${group}`} (${instanceTypes.join(", ")})`;
}
