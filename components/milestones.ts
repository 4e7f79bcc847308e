import { dirname } from "node:path/posix";
import * as aws from "@pulumi/aws";
import type { ClusterIdentity } from "./cluster-identity";
import { valueIfKnown } from "../lib/pulumi/known-value";

/** Milestones of an installation. A reached milestone is never taken back. */
export type Milestone = "bootstrap-destroyed" | "installed";

/** Name of the SSM parameter that records a milestone. */
export function milestoneParameter(infraId: string, milestone: Milestone): string {
  return `/okd/${infraId}/${milestone}`;
}

/**
 * The milestones that earlier updates have reached; none before the cluster has an identity. They are looked up in AWS and not in the stack's
 * outputs, because an update that fails after a milestone stores no outputs.
 */
export async function findMilestones({ infraId }: ClusterIdentity): Promise<ReadonlySet<Milestone>> {
  const id = await valueIfKnown(infraId);
  if (id === undefined) return new Set();
  const milestones: readonly Milestone[] = ["bootstrap-destroyed", "installed"];
  const { names } = await aws.ssm.getParametersByPath({ path: dirname(milestoneParameter(id, "installed")) });
  return new Set(milestones.filter((milestone) => names.includes(milestoneParameter(id, milestone))));
}
