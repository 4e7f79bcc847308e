import { parse, type SemVer } from "semver";
import type { KubeObject } from "../api";
import type { ClusterOperatorStatusCondition } from "../operators";

/** Path of the only ClusterVersion. */
export const clusterVersionPath = "/apis/config.openshift.io/v1/clusterversions/version";

export interface ClusterVersionRelease {
  readonly version: string;
  readonly image: string;
}

export interface HistoryEntry extends ClusterVersionRelease {
  readonly state: "Completed" | "Partial";
  readonly startedTime: string;
  readonly completionTime: string | null;
  readonly verified: boolean;
  readonly acceptedRisks?: string;
}

export interface ConditionalUpdate {
  readonly release: ClusterVersionRelease;
  readonly conditions: readonly ClusterOperatorStatusCondition[];
}

/** The fields of a ClusterVersion that matter for updates (openshift/api, release-4.19, `config/v1/types_cluster_version.go`). */
export interface SimulatedClusterVersion extends KubeObject {
  readonly spec?: {
    readonly channel?: string;
    readonly desiredUpdate?: { readonly version?: string; readonly image?: string; readonly force?: boolean };
    readonly overrides?: readonly { readonly unmanaged?: boolean }[];
  };
  readonly status?: {
    readonly desired?: ClusterVersionRelease;
    /** Newest first. */
    readonly history?: readonly HistoryEntry[];
    readonly conditions?: readonly ClusterOperatorStatusCondition[];
    readonly availableUpdates?: readonly ClusterVersionRelease[] | null;
    readonly conditionalUpdates?: readonly ConditionalUpdate[];
  };
}

/** Parses a release's version. Every version in the sandbox must be a semantic version. */
export function semantic(text: string): SemVer {
  const version = parse(text);
  if (version === null) throw new Error(`${JSON.stringify(text)} is not a semantic version`);
  return version;
}

/**
 * The last completed version, otherwise the oldest one (cluster-version-operator, `GetCurrentVersion` in `clusterversion/upgradeable.go`).
 */
export function completedVersion(history: readonly HistoryEntry[]): string {
  return (history.find(({ state }) => state === "Completed") ?? history.at(-1))?.version ?? "";
}
