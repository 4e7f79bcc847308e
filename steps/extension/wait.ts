import { isRefusal, isUnknownKind } from "../../lib/kubernetes/client";
import { reasonOf } from "../../lib/reason";
import { type VerdictTimeouts, waitForVerdict } from "../../lib/wait-for-verdict";
import type { ExtensionApi } from "./cluster-api";
import type { ExtensionRequest } from "./objects";
import { extensionVerdict, type ExtensionVerdict } from "./verdict";

/** The same limits as for operators of version 0. This project's choice. */
const usualTimeouts: VerdictTimeouts = { total: 1200, patience: 1, pause: 2 };

/** Seconds for which the API may fail to answer: a control plane node may be restarting. This project's choice. */
const API_OUTAGE = 300;

export interface ExtensionWaitOptions {
  readonly timeouts?: VerdictTimeouts;
  /** Shows progress messages to the user. */
  readonly say?: (text: string) => void;
}

/**
 * Waits until version 1 of the Operator Lifecycle Manager has installed an operator's version, and the operator runs.
 *
 * @throws Error with OLM's reason and the likely fix if a problem lasts, or if the time is over
 */
export async function waitForExtension(
  api: Pick<ExtensionApi, "state">,
  request: ExtensionRequest,
  { timeouts = usualTimeouts, say = () => undefined }: ExtensionWaitOptions = {},
): Promise<void> {
  await waitForVerdict({
    subject: `operator ${request.package}`,
    look: () => look(api, request),
    act: () => Promise.resolve(),
    timeouts,
    say,
    overdue: {
      problem: "was not installed",
      more: `oc describe clusterextension ${request.package} and oc get pods -n ${request.namespace} show more.`,
    },
  });
}

/** @throws Error if the cluster has no OLM v1, or if the program may not read its objects */
async function look(api: Pick<ExtensionApi, "state">, request: ExtensionRequest): Promise<ExtensionVerdict> {
  try {
    return extensionVerdict(request, await api.state(request));
  } catch (error) {
    if (isUnknownKind(error))
      throw new Error("the cluster has no version 1 of the Operator Lifecycle Manager: enable the capability OperatorLifecycleManagerV1", {
        cause: error,
      });
    if (isRefusal(error)) throw error;
    return { state: "stuck", text: `The cluster's API does not answer: ${reasonOf(error)}`, patience: API_OUTAGE };
  }
}
