import { GRAFANA, GRAFANA_API } from "../../cluster-objects/grafana/names";
import { GRAFANA_NAMESPACE } from "../../config/grafana/settings";
import type { Clock } from "../../lib/clock";
import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { type Rollout, rolloutProblem } from "../../lib/kubernetes/rollout";
import { type Look, waitFor } from "../../lib/wait-for";

export interface GrafanaWait {
  readonly client: Pick<ClusterClient, "get" | "list">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/**
 * Minutes until the new pod must be available. A Deployment gives up after ten minutes (kubernetes/kubernetes, `pkg/apis/apps/v1/defaults.go`,
 * progressDeadlineSeconds, master). The other five minutes are for the Grafana operator, which waits after an error before it tries again.
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

interface Deployment extends Rollout {
  readonly status?: Rollout["status"] & { readonly conditions?: readonly Condition[] };
}

interface Pod extends ApiItem {
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

const OPERATOR_PATH = `/apis/${GRAFANA_API}/namespaces/${GRAFANA_NAMESPACE}/grafanas/${GRAFANA}`;
const DEPLOYMENT_PATH = `/apis/apps/v1/namespaces/${GRAFANA_NAMESPACE}/deployments/${GRAFANA}-deployment`;
const PODS_PATH = `/api/v1/namespaces/${GRAFANA_NAMESPACE}/pods?labelSelector=${encodeURIComponent(`app=${GRAFANA}`)}`;

/**
 * Waits until the operator has given the settings to the Deployment, and only pods with these settings run. The condition GrafanaReady is not
 * enough: it is true as soon as any pod answers, such as the old pod while the new pod does not start (grafana/grafana-operator,
 * `controllers/reconcilers/grafana/complete_reconciler.go`, v5.22.2).
 *
 * @throws Error with the pod's reason if the new pod does not start
 */
export async function waitForGrafana({ client, say, clock }: GrafanaWait): Promise<void> {
  await waitFor({
    of: "Grafana",
    minutes: MINUTES,
    pauseMs: PAUSE_MS,
    say,
    clock,
    unread: "the API does not answer",
    look: () => progressOf(client),
    failure: (state, lastFailure) =>
      new Error(
        `Grafana does not run with its new settings: ${state}.${lastFailure} If there is an old pod, it goes on with the old settings. ` +
          `See oc get pods,events -n ${GRAFANA_NAMESPACE} and oc logs -n ${GRAFANA_NAMESPACE} deployment/${GRAFANA}-deployment. ` +
          "Correct the cause, such as grafanaImage, then run pulumi up again",
      ),
  });
}

/**
 * The state of the Grafana, then of its Deployment. The operator changes the Deployment before it updates the Grafana's status
 * (`controllers/grafana_controller.go`, getInstallationStages), so a Deployment that is read after a current status has the current settings.
 */
async function progressOf(client: GrafanaWait["client"]): Promise<Look<undefined>> {
  const instance = await client.get<Instance>(OPERATOR_PATH);
  if (instance === undefined) return { state: "the Grafana does not exist", hopeless: true };
  const ready = instance.status?.conditions?.find(({ type }) => type === "GrafanaReady");
  if (ready?.status !== "True" || (ready.observedGeneration ?? 0) < instance.metadata.generation)
    return { state: `the operator is not done: ${instance.status?.lastMessage || "no message"}` };
  const deployment = await client.get<Deployment>(DEPLOYMENT_PATH);
  if (deployment === undefined) return { state: "the Deployment does not exist yet" };
  const hopeless = hasGivenUp(deployment);
  const problem = hopeless ? "the new pod has not started in time" : rolloutProblem(deployment);
  if (problem === undefined) return { done: undefined };
  const reasons = (await client.list<Pod>(PODS_PATH)).flatMap(waitingReasons);
  return { state: [hopeless ? problem : `the Deployment: ${problem}`, ...reasons].join("; "), hopeless };
}

/** Whether Kubernetes has given up on the new pod (kubernetes/kubectl, `pkg/polymorphichelpers/rollout_status.go`, master). */
function hasGivenUp({ metadata, status = {} }: Deployment): boolean {
  const progressing = status.conditions?.find(({ type }) => type === "Progressing");
  return (status.observedGeneration ?? 0) >= (metadata.generation ?? 0) && progressing?.reason === "ProgressDeadlineExceeded";
}

function waitingReasons({ metadata, status }: Pod): string[] {
  return (status?.containerStatuses ?? []).flatMap(({ state }) =>
    state?.waiting?.reason === undefined ? [] : [`${metadata.name}: ${state.waiting.reason} ${state.waiting.message ?? ""}`.trimEnd()],
  );
}
