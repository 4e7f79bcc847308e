import type { ClusterService, MachineGroup } from "./model";

/** "3 × masters (m6i.xlarge)"; without a number for a single instance. */
export function countText({ group, count, instanceTypes }: MachineGroup): string {
  return `${count === 1 ? group : `${count} × ${group}`} (${instanceTypes.join(", ")})`;
}

/** The namespaces, the data and the URLs of a service, one text each. */
export function serviceFacts({ namespaces, data, urls }: ClusterService): string[] {
  return [...(namespaces.length === 0 ? [] : [`namespace ${namespaces.join(", ")}`]), ...data, ...urls];
}
