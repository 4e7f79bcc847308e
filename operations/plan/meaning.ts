import type { Change } from "./change";
import { awsRows } from "./meanings/aws";
import { clusterRows } from "./meanings/cluster";
import type { Meaning } from "./meanings/row";

/**
 * What a change does beyond itself. The first row that fits counts; what no row names does nothing to who uses the cluster, or is as its words say.
 * Minutes are this project's estimates, from what the parts take: an instance of AWS stops and starts in two to three (AWS, "Change the instance type"), a node that
 * restarts comes back in five to ten (openshift/machine-config-operator), a network load balancer is provisioned in three to five.
 */
const rows = [...awsRows, ...clusterRows];

/** What a change means beyond itself, or undefined. */
export function meaningOf(change: Change): Meaning | undefined {
  return rows.find(({ type, when }) => type.test(change.type) && when(change))?.meaning(change);
}
