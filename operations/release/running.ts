import { bounded, reasonOf } from "../diagnosis/attempts";
import { UpdateApi } from "./cluster-api";
import type { ClusterVersion } from "./request";

/** A release, and the image that it came from. */
export interface RunningRelease {
  readonly version: string;
  readonly image: string;
}

/** Which releases' components run in a cluster. */
export interface RunningReleases {
  /** Newest first: one in a cluster at rest, two or more during an update. Undefined when the cluster did not say. */
  readonly releases?: readonly RunningRelease[];
  /** Why it did not say. */
  readonly failure?: string;
}

/** Milliseconds for the answer: a preview waits for it, and works without it. */
const patience = 5000;

/** Asks a cluster which releases' components run in it. */
export async function askRunningReleases(kubeconfig: string): Promise<RunningReleases> {
  try {
    return { releases: runningReleases(await bounded(() => new UpdateApi(kubeconfig).clusterVersion(), patience)) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** From the newest entry of the history down to the newest completed one: while an update goes on, components of all these releases may run. */
export function runningReleases({ status }: ClusterVersion): RunningRelease[] {
  const { history = [] } = status ?? {};
  const completed = history.findIndex(({ state }) => state === "Completed");
  return history.slice(0, completed + 1).map(({ version = "", image = "" }) => ({ version, image }));
}
