import type { ApiItem } from "./client";

/** The fields of a DaemonSet or a Deployment that describe its rollout. */
export interface Rollout extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    /** Only DaemonSet. */
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
    /** Only Deployment. */
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

/**
 * The reason why not all pods of a workload have the current settings and are ready; undefined if they are (kubernetes/kubectl,
 * `pkg/polymorphichelpers/rollout_status.go`, master).
 */
export function rolloutProblem(workload: Rollout | undefined): string | undefined {
  if (workload === undefined) return "has no pods yet";
  const { metadata, spec = {}, status = {} } = workload;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return "its pods are not being replaced yet";
  const isDaemonSet = status.desiredNumberScheduled !== undefined;
  const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
  const updated = (isDaemonSet ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const ready = (isDaemonSet ? status.numberReady : status.availableReplicas) ?? 0;
  if (updated < wanted) return `${updated} of ${wanted} pods are updated`;
  if (!isDaemonSet && (status.replicas ?? 0) > updated) return "an old pod still runs";
  return ready < wanted ? `${ready} of ${wanted} updated pods are ready` : undefined;
}
