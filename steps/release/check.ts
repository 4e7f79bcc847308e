import { parse } from "semver";
import { reasonOf } from "../../lib/reason";
import { UpdateApi } from "./cluster-api";
import type { ClusterState } from "./cluster-state";
import { UpdateRefused } from "./refused";
import type { ReleaseRequest } from "./request";
import { checkedDesiredUpdate } from "./update";

/** The result of checking a changed release during a preview. */
export interface UpdateCheck {
  /** The reason why the update would be refused. */
  readonly refusal?: string;
  readonly warnings: readonly string[];
}

/** Checks whether an update would be requested, and changes nothing. If the cluster does not answer, that is a warning: the update itself checks again. */
export async function checkUpdate(kubeconfig: string, request: ReleaseRequest): Promise<UpdateCheck> {
  try {
    return checkState(await new UpdateApi(kubeconfig).state(), request);
  } catch (error) {
    return { warnings: [`It is not known whether the cluster can be updated to ${request.version}: ${reasonOf(error)}`] };
  }
}

/** @param request has `secrets`, even if empty, if the roles of the release's components will be created before the update */
export function checkState(state: ClusterState, request: ReleaseRequest): UpdateCheck {
  const { version: running = "" } = state.clusterVersion.status?.desired ?? {};
  if (running === request.version) return { warnings: [] };
  const warnings: string[] = [];
  try {
    checkedDesiredUpdate(state, request, { version: running, force: false }, (text) => warnings.push(text));
    return { warnings };
  } catch (error) {
    if (!(error instanceof UpdateRefused)) throw error;
    // If somebody else has updated the cluster, and the configuration still names the older release, nothing will be requested.
    const isBehind = parse(request.version)?.compare(running) === -1;
    return isBehind ? { warnings: [...warnings, error.message] } : { refusal: error.message, warnings };
  }
}
