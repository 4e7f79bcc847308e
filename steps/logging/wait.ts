import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { reasonOf } from "../../lib/reason";
import {
  type CollectorPod,
  type CollectorsState,
  collectorsVerdict,
  type ForwarderState,
  forwarderVerdict,
  type LoggingVerdict,
  type LokiStackState,
  lokiVerdict,
} from "./verdict";

/** The objects to wait for. */
export interface LoggingRequest {
  readonly namespace: string;
  /** Name of the LokiStack; undefined if logs are only forwarded. */
  readonly lokiStack?: string;
  /** Name of the ClusterLogForwarder, and of its DaemonSet. */
  readonly forwarder: string;
}

/** Time limits in seconds. */
export interface LoggingTimeouts {
  /**
   * Time limit until everything runs: volumes are created, images are pulled, and the ingesters join one after the other. This project's choice.
   */
  readonly total: number;
  /** Factor for the time that each problem may last (`LoggingVerdict.patience`). */
  readonly patience: number;
  /** Pause between two checks. */
  readonly pause: number;
  /**
   * Time for which everything must be ready, in at least two checks. Right after a change, the conditions are still those from before the change,
   * and the operators do not report the generation to which a condition belongs. An operator that needs longer than this time to see the change can
   * still refuse the change after the wait. This project's choice.
   */
  readonly settle: number;
}

const usualTimeouts: LoggingTimeouts = { total: 1200, patience: 1, pause: 3, settle: 10 };

/**
 * Seconds between two changes of the annotation `LOOK_AGAIN`. After a refusal the logging operator does not check the forwarder again by itself,
 * even when the missing role or Secret exists now (openshift/cluster-logging-operator,
 * `internal/controller/observability/clusterlogforwarder_controller.go`, master: defaultRequeue). It checks the new content of a Secret only after
 * five minutes (periodicRequeue). Any change of the forwarder makes the operator check the forwarder.
 */
const WAKE = 10;
const LOOK_AGAIN = "okd-aws/look-again";

/** Seconds for which the API may fail to answer: a control plane node may be restarting. This project's choice. */
const API_OUTAGE = 300;

type WaitApi = Pick<ClusterClient, "get" | "list" | "patch">;

export interface LoggingWaitOptions {
  readonly timeouts?: LoggingTimeouts;
  /** Shows progress messages to the user. */
  readonly say?: (text: string) => void;
}

/**
 * Makes the logging operator check the forwarder, and waits until Loki and the collectors run.
 *
 * @throws Error with the operator's reason if a problem lasts, or with the last state if the time is over
 */
export async function waitForLogging(
  api: WaitApi,
  request: LoggingRequest,
  { timeouts = usualTimeouts, say = () => undefined }: LoggingWaitOptions = {},
): Promise<void> {
  const started = Date.now();
  let problem: { readonly text: string; readonly since: number } | undefined;
  let [said, woken] = ["", started];
  let readySince: number | undefined;
  await wake(api, request);
  for (;;) {
    const verdict = await look(api, request);
    const now = Date.now();
    if (verdict.text !== said) say(verdict.text);
    said = verdict.text;
    if (verdict.state !== "ready") readySince = undefined;
    else if (readySince === undefined) readySince = now;
    else if (now - readySince >= timeouts.settle * 1000) return;
    if (verdict.asleep === true && now - woken >= WAKE * timeouts.patience * 1000) {
      woken = now;
      await wake(api, request);
    }
    if (verdict.state !== "stuck") problem = undefined;
    else if (problem?.text !== verdict.text) problem = { text: verdict.text, since: now };
    if (problem !== undefined && now - problem.since >= (verdict.patience ?? 0) * timeouts.patience * 1000)
      throw new Error(`logging: ${verdict.text}`);
    if (now - started >= timeouts.total * 1000)
      throw new Error(
        `logging did not run within ${timeouts.total / 60} minutes. Its last state: ${verdict.text}\n` +
          `oc get pods,pvc -n ${request.namespace} and oc describe of a pending pod show more. Run the command again to go on waiting.`,
      );
    await sleep(timeouts.pause * 1000);
  }
}

async function wake(api: WaitApi, request: LoggingRequest): Promise<void> {
  const annotations = { [LOOK_AGAIN]: new Date().toISOString() };
  // If the API does not answer, the next check reports that.
  await api.patch(forwarderPath(request), { metadata: { annotations } }).catch(() => undefined);
}

function forwarderPath({ namespace, forwarder }: LoggingRequest): string {
  return `/apis/observability.openshift.io/v1/namespaces/${namespace}/clusterlogforwarders/${forwarder}`;
}

async function look(api: WaitApi, request: LoggingRequest): Promise<LoggingVerdict> {
  const { namespace, lokiStack } = request;
  try {
    if (lokiStack !== undefined) {
      const stack = await api.get<LokiStackState>(`/apis/loki.grafana.com/v1/namespaces/${namespace}/lokistacks/${lokiStack}`);
      const verdict = lokiVerdict(stack);
      if (verdict.state !== "ready") return verdict;
    }
    const verdict = forwarderVerdict(await api.get<ForwarderState>(forwarderPath(request)));
    return verdict.state === "ready" ? await lookAtCollectors(api, request) : verdict;
  } catch (error) {
    return { state: "stuck", text: `The cluster's API does not answer: ${reasonOf(error)}`, patience: API_OUTAGE };
  }
}

async function lookAtCollectors(api: WaitApi, { namespace, forwarder }: LoggingRequest): Promise<LoggingVerdict> {
  const set = await api.get<CollectorsState>(`/apis/apps/v1/namespaces/${namespace}/daemonsets/${forwarder}`);
  // The labels of the collectors (openshift/cluster-logging-operator, `internal/runtime/runtime.go`, release-6.5: SetCommonLabels).
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${forwarder},app.kubernetes.io/component=collector`);
  return collectorsVerdict(set, await api.list<CollectorPod>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`));
}
