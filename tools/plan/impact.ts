import type { ResourceChange } from "../../lib/pulumi/change";
import { awsRows } from "./impact/aws";
import { clusterRows } from "./impact/cluster";
import type { Impact } from "./impact/row";

/**
 * The table of impacts; for a change, the first row that matches is used. A change that matches no row does not affect the cluster's users,
 * or needs no explanation. Minutes are this project's estimates, from the times of single steps: an EC2 instance stops and starts in two to
 * three minutes (AWS, "Change the instance type"), a node restarts in five to ten (openshift/machine-config-operator), a Network Load
 * Balancer is provisioned in three to five.
 */
const rows = [...awsRows, ...clusterRows];

/** The impact of a change; undefined if it has none. */
export function impactOf(change: ResourceChange): Impact | undefined {
  return rows.find(({ type, when }) => type.test(change.type) && when(change))?.impact(change);
}
