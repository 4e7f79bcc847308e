import { withTimeLimit } from "../../lib/time-limit";
import { reasonOf } from "../../lib/reason";
import { UpdateApi } from "./cluster-api";
import type { ClusterVersion } from "./request";

/** A release and its image. */
export interface RunningRelease {
  readonly version: string;
  readonly image: string;
}

/** The releases whose components run in a cluster. */
export interface RunningReleases {
  /** Newest first: one release, or during an update two or more. Undefined if the cluster did not answer. */
  readonly releases?: readonly RunningRelease[];
  /** The reason why the cluster did not answer. */
  readonly failure?: string;
}

/** Milliseconds to wait for the cluster's answer: a preview waits so long, and continues without the answer. */
const answerTimeoutMs = 5000;

/** Reads from a cluster which releases' components run in it. */
export async function askRunningReleases(kubeconfig: string): Promise<RunningReleases> {
  try {
    return { releases: runningReleases(await withTimeLimit(() => new UpdateApi(kubeconfig).clusterVersion(), answerTimeoutMs)) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** The entries of the history from the newest one to the newest completed one: during an update components of all these releases may run. */
export function runningReleases({ status }: ClusterVersion): RunningRelease[] {
  const { history = [] } = status ?? {};
  const completed = history.findIndex(({ state }) => state === "Completed");
  return history.slice(0, completed + 1).map(({ version = "", image = "" }) => ({ version, image }));
}
