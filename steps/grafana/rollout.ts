import { GRAFANA, GRAFANA_API } from "../../cluster-objects/grafana/names";
import { GRAFANA_NAMESPACE } from "../../config/grafana/settings";
import { type Clock, systemClock } from "../../lib/clock";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { TolerantReader } from "../../lib/temporary-error";

export interface GrafanaWait {
  readonly client: Pick<ClusterClient, "get" | "list">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/**
 * Minutes until the new pod must be available. A Deployment gives up after ten (kubernetes/kubernetes, `pkg/apis/apps/v1/defaults.go`,
 * progressDeadlineSeconds, master); the rest is for an operator that looks again after an error.
 */
const MINUTES = 15;
const PAUSE_MS = 2000;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

interface Versioned extends ApiItem {
  readonly metadata: ApiItem["metadata"] & { readonly generation: number };
}

interface Instance extends Versioned {
  readonly status?: { readonly lastMessage?: string; readonly conditions?: readonly Condition[] };
}

interface Deployment extends Versioned {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface Pod extends ApiItem {
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

/** How far the rollout is: `text` says what is missing, and `failed` that Kubernetes has given up. */
interface Progress {
  readonly text?: string;
  readonly failed?: true;
}

const OPERATOR_PATH = `/apis/${GRAFANA_API}/namespaces/${GRAFANA_NAMESPACE}/grafanas/${GRAFANA}`;
const DEPLOYMENT_PATH = `/apis/apps/v1/namespaces/${GRAFANA_NAMESPACE}/deployments/${GRAFANA}-deployment`;
const PODS_PATH = `/api/v1/namespaces/${GRAFANA_NAMESPACE}/pods?labelSelector=${encodeURIComponent(`app=${GRAFANA}`)}`;

/**
 * Waits until the operator has passed the settings on and only pods with them run. The condition GrafanaReady does not say this: it is true as
 * soon as any pod answers, so also the old one while the new one does not start (grafana/grafana-operator,
 * `controllers/reconcilers/grafana/complete_reconciler.go`, v5.22.2).
 *
 * @throws Error with the pod's reason if the new pod does not start
 */
export async function waitForGrafana({ client, say, clock = systemClock }: GrafanaWait): Promise<void> {
  const reader = new TolerantReader({ of: "Grafana", say, now: clock.now });
  let last = "";
  for (const deadline = clock.now() + MINUTES * 60_000; ;) {
    const read = await reader.read(() => progressOf(client));
    const { text, failed } = read?.answer ?? { text: "the API does not answer" };
    if (text === undefined) return;
    if (failed || clock.now() > deadline)
      throw new Error(
        `Grafana does not run with its new settings: ${text}.${reader.lastFailure} If there is an old pod, it goes on with the old settings. ` +
          `See oc get pods,events -n ${GRAFANA_NAMESPACE} and oc logs -n ${GRAFANA_NAMESPACE} deployment/${GRAFANA}-deployment. ` +
          "Correct the cause, such as grafanaImage, then run pulumi up again",
      );
    if (text !== last) say(text);
    last = text;
    await clock.pause(PAUSE_MS);
  }
}

/** The Grafana is read before its Deployment, which the operator changes first (`controllers/grafana_controller.go`, getInstallationStages). */
async function progressOf(client: GrafanaWait["client"]): Promise<Progress> {
  const instance = await client.get<Instance>(OPERATOR_PATH);
  if (instance === undefined) return { text: "the Grafana does not exist", failed: true };
  const ready = instance.status?.conditions?.find(({ type }) => type === "GrafanaReady");
  if (ready?.status !== "True" || (ready.observedGeneration ?? 0) < instance.metadata.generation)
    return { text: `the operator is not done: ${instance.status?.lastMessage || "no message"}` };
  const deployment = await client.get<Deployment>(DEPLOYMENT_PATH);
  if (deployment === undefined) return { text: "the Deployment does not exist yet" };
  const progress = rolloutOf(deployment);
  if (progress.text === undefined) return progress;
  const reasons = (await client.list<Pod>(PODS_PATH)).flatMap(waitingReasons);
  return { ...progress, text: [progress.text, ...reasons].join("; ") };
}

/** As `kubectl rollout status` decides (kubernetes/kubectl, `pkg/polymorphichelpers/rollout_status.go`, master). */
function rolloutOf({ metadata, spec, status = {} }: Deployment): Progress {
  const { observedGeneration = 0, replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0, conditions = [] } = status;
  if (observedGeneration < metadata.generation) return { text: "Kubernetes has not seen the change yet" };
  const progressing = conditions.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") return { text: "the new pod has not started in time", failed: true };
  if (updated < (spec.replicas ?? 1)) return { text: "the new pod is not created yet" };
  if (replicas > updated) return { text: "the old pod still runs" };
  return available < updated ? { text: "the new pod is not available yet" } : {};
}

function waitingReasons({ metadata, status }: Pod): string[] {
  return (status?.containerStatuses ?? []).flatMap(({ state }) =>
    state?.waiting?.reason === undefined ? [] : [`${metadata.name}: ${state.waiting.reason} ${state.waiting.message ?? ""}`.trimEnd()],
  );
}
