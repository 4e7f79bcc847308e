import { setTimeout as sleep } from "node:timers/promises";
import { RefusedByApi } from "../../lib/kubernetes/client";
import { reasonOf } from "../../lib/reason";
import type { OperatorApi } from "./cluster-api";
import type { OperatorRequest } from "./objects";
import type { Stuck } from "./stuck";
import { type Verdict, verdictOn } from "./verdict";

/** Time limits in seconds. */
export interface OperatorTimeouts {
  /**
   * Until the version is installed. OLM gives up the unpacking of a bundle after 10 minutes and an installation after 5
   * (operator-framework/operator-lifecycle-manager, `cmd/catalog/main.go` and `pkg/controller/operators/olm/operator.go`, master).
   */
  readonly total: number;
  /** Multiplies the patience with each problem. */
  readonly patience: number;
  /** Between two looks. */
  readonly pause: number;
}

type WaitApi = Pick<OperatorApi, "state" | "approve">;

const usualTimeouts: OperatorTimeouts = { total: 1200, patience: 1, pause: 2 };

export interface OperatorWaitOptions {
  readonly timeouts?: OperatorTimeouts;
  /** Shows progress messages to the user. */
  readonly say?: (text: string) => void;
}

/**
 * Waits until an operator's version is installed, and approves the InstallPlans that lead to it, never one beyond it.
 *
 * @throws Error with the reason and the likely fix if a problem lasts, or if the time is over
 */
export async function waitForOperator(
  api: WaitApi,
  request: OperatorRequest,
  { timeouts = usualTimeouts, say = () => undefined }: OperatorWaitOptions = {},
): Promise<void> {
  const started = Date.now();
  let problem: { readonly stuck: Stuck; readonly since: number } | undefined;
  let said = "";
  for (;;) {
    const verdict = await look(api, request);
    const now = Date.now();
    if (verdict.state !== "stuck") problem = undefined;
    else if (problem?.stuck.text !== verdict.text) problem = { stuck: verdict, since: now };
    if (verdict.text !== said) say(verdict.text);
    said = verdict.text;
    if (verdict.state === "ready") return;
    if (verdict.state === "approve") await approve(api, request, verdict.plan);
    if (problem !== undefined && now - problem.since >= problem.stuck.patience * timeouts.patience * 1000)
      throw new Error(`operator ${request.package}: ${problem.stuck.text}`);
    if (now - started >= timeouts.total * 1000)
      throw new Error(
        `operator ${request.package} was not installed within ${timeouts.total / 60} minutes. Its last state: ${verdict.text}\n` +
          `oc get subscription,installplan,csv -n ${request.namespace} shows more. Run the command again to go on waiting.`,
      );
    await sleep(timeouts.pause * 1000);
  }
}

/** Seconds for which the API may fail to answer: a control plane node may be restarting. This project's choice. */
const API_OUTAGE = 300;

async function look(api: WaitApi, request: OperatorRequest): Promise<Verdict> {
  try {
    return verdictOn(request, await api.state(request));
  } catch (error) {
    if (error instanceof RefusedByApi && error.byItself && error.status === 404)
      throw new Error("the cluster has no Operator Lifecycle Manager: enable the capability OperatorLifecycleManager", { cause: error });
    return { state: "stuck", text: `The cluster's API does not answer: ${reasonOf(error)}`, patience: API_OUTAGE };
  }
}

/** Approves a plan. If that fails because the plan has just changed, the next look decides again. */
async function approve(api: WaitApi, { namespace }: OperatorRequest, plan: string): Promise<void> {
  await api.approve(namespace, plan).catch((error: unknown) => {
    if (!(error instanceof RefusedByApi && (error.status === 404 || error.status === 409))) throw error;
  });
}
