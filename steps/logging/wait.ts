import type { ClusterClient } from "../../lib/kubernetes/client";
import { reasonOf } from "../../lib/reason";
import { type VerdictTimeouts, waitForVerdict } from "../../lib/wait-for-verdict";
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

/**
 * Until everything runs, volumes are created, images are pulled, and the ingesters join one after the other. Right after a change, the conditions still
 * have the values from before the change, and the operators do not report the generation to which a condition belongs. So everything must be ready for
 * `settle` seconds. An operator that needs longer to see the change can still refuse the change after the wait. The times are this project's choice.
 */
const usualTimeouts: VerdictTimeouts = { total: 1200, patience: 1, pause: 3, settle: 10 };

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
  readonly timeouts?: VerdictTimeouts;
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
  let woken = Date.now();
  await wake(api, request);
  await waitForVerdict({
    subject: "logging",
    look: () => look(api, request),
    act: async ({ asleep = false }) => {
      if (!asleep || Date.now() - woken < WAKE * timeouts.patience * 1000) return;
      woken = Date.now();
      await wake(api, request);
    },
    timeouts,
    say,
    overdue: { problem: "did not run", more: `oc get pods,pvc -n ${request.namespace} and oc describe of a pending pod show more.` },
  });
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
