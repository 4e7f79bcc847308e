import { dirname } from "node:path/posix";
import * as aws from "@pulumi/aws";
import type { ClusterIdentity } from "./cluster-identity";
import { known } from "./known";

/** Milestones of an installation. A reached milestone is never taken back. */
export type Marker = "bootstrap-retired" | "installed";

/** Name of the SSM parameter that records a milestone. */
export function clusterMarker(infraId: string, marker: Marker): string {
  return `/okd/${infraId}/${marker}`;
}

/**
 * The milestones that earlier updates have reached; none before the cluster has an identity. They are looked up in AWS, because an update
 * that fails later stores no output.
 */
export async function findMarkers({ infraId }: ClusterIdentity): Promise<ReadonlySet<Marker>> {
  const id = await known(infraId);
  if (id === undefined) return new Set();
  const markers: readonly Marker[] = ["bootstrap-retired", "installed"];
  const { names } = await aws.ssm.getParametersByPath({ path: dirname(clusterMarker(id, "installed")) });
  return new Set(markers.filter((marker) => names.includes(clusterMarker(id, marker))));
}
