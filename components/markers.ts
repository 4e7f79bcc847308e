import { dirname } from "node:path/posix";
import * as aws from "@pulumi/aws";
import type { ClusterIdentity } from "./cluster-identity";
import { known } from "./known";

/** What is behind a cluster for good. */
export type Marker = "bootstrap-retired" | "installed";

/** Name of the SSM parameter that says so. */
export function clusterMarker(infraId: string, marker: Marker): string {
  return `/okd/${infraId}/${marker}`;
}

/**
 * What earlier updates have brought behind the cluster: asked in AWS, since an update that fails later stores no output. Nothing,
 * while the cluster has no identity yet.
 */
export async function findMarkers({ infraId }: ClusterIdentity): Promise<ReadonlySet<Marker>> {
  const id = await known(infraId);
  if (id === undefined) return new Set();
  const markers: readonly Marker[] = ["bootstrap-retired", "installed"];
  const { names } = await aws.ssm.getParametersByPath({ path: dirname(clusterMarker(id, "installed")) });
  return new Set(markers.filter((marker) => names.includes(clusterMarker(id, marker))));
}
