import { parse } from "semver";
import { reasonOf } from "../diagnosis/attempts";
import { UpdateApi } from "./cluster-api";
import type { ClusterState } from "./cluster-state";
import { UpdateRefused } from "./refused";
import type { ReleaseRequest } from "./request";
import { decide } from "./update";

/** What a preview says about a changed release. */
export interface UpdateCheck {
  /** Why the update would not be requested. */
  readonly refusal?: string;
  readonly warnings: readonly string[];
}

/** Asks a cluster whether an update would be requested, and changes nothing. A cluster that does not answer is a warning: the update asks again. */
export async function checkUpdate(kubeconfig: string, request: ReleaseRequest): Promise<UpdateCheck> {
  try {
    return verdictOn(await new UpdateApi(kubeconfig).state(), request);
  } catch (error) {
    return { warnings: [`The cluster does not say whether it can be updated to ${request.version}: ${reasonOf(error)}`] };
  }
}

/** @param request with `secrets`, which may be empty, where the roles of the release's components will be made before it */
export function verdictOn(state: ClusterState, request: ReleaseRequest): UpdateCheck {
  const { version: running = "" } = state.clusterVersion.status?.desired ?? {};
  if (running === request.version) return { warnings: [] };
  const warnings: string[] = [];
  try {
    decide(state, request, { version: running, force: false }, (text) => warnings.push(text));
    return { warnings };
  } catch (error) {
    if (!(error instanceof UpdateRefused)) throw error;
    // Others may have updated the cluster, and only another setting of the same release has changed: then nothing will be requested.
    const isBehind = parse(request.version)?.compare(running) === -1;
    return isBehind ? { warnings: [...warnings, error.message] } : { refusal: error.message, warnings };
  }
}
