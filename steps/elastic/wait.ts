import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { type Clock, systemClock } from "../../lib/clock";
import { type Rollout, rolloutProblem } from "../../lib/kubernetes/rollout";
import { waitFor } from "../../lib/wait-for";
import { type ElasticResource, type ElasticState, healthOf } from "./health";
import { fewLines, podObstacles, type WaitingPod, operatorWarnings, type WarningEvent } from "./obstacles";

/** A resource to wait for. */
export interface ElasticAwaited {
  /** API group and version, such as `elasticsearch.k8s.elastic.co/v1`. */
  readonly api: string;
  readonly plural: string;
  readonly name: string;
  /**
   * The DaemonSet or Deployment with its pods, such as `daemonsets/audit-beat-filebeat`. Undefined if the resource's own status says whether the
   * pods are updated.
   */
  readonly workload?: string;
}

/** The resources to wait for. */
export interface ElasticReady {
  readonly namespace: string;
  readonly resources: readonly ElasticAwaited[];
  /** Digest of the resources: if it changes, the program runs again. */
  readonly digest: string;
}

export interface ElasticWait {
  readonly client: Pick<ClusterClient, "get" | "list">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/**
 * Minutes until the pods run: images of a gigabyte are pulled, and a change restarts one Elasticsearch node after the other. Each node copies logs
 * before its restart. This project's choice.
 */
const LIMIT_MINUTES = 30;
const PAUSE_MS = 3000;

type Found = ElasticResource & ApiItem;

/**
 * Waits until Elasticsearch, Kibana and Filebeat are healthy.
 *
 * @throws Error with the operator's warnings and the pods that do not run, if a resource is not healthy in time or if the operator refuses it
 */
export async function waitForElastic(request: ElasticReady, { client, say, clock = systemClock }: ElasticWait): Promise<void> {
  const { namespace, resources } = request;
  let refused: string | undefined;
  await waitFor({
    of: `the state of the resources in ${namespace}`,
    minutes: LIMIT_MINUTES,
    pauseMs: PAUSE_MS,
    say,
    clock,
    look: async () => {
      const found = await Promise.all(resources.map((each) => stateOf(each, namespace, client)));
      const missing = resources.find((_, index) => found[index] === undefined);
      if (missing) return { error: new Error(`${missing.plural} ${namespace}/${missing.name} has been deleted. Run the command again.`) };
      const states = found.flatMap((each) => each ?? []);
      const open = states.filter(({ state }) => state !== "ready").map(({ text }) => text);
      if (open.length === 0) return { done: undefined };
      const hopeless = states.some(({ state }) => state === "refused");
      if (hopeless) refused = open[0];
      return { state: open.join("; "), hopeless };
    },
    failure: async (state, lastFailure) => {
      const late = `Not healthy after ${LIMIT_MINUTES} minutes: ${state}.${lastFailure}`;
      const intro = refused === undefined ? late : `The operator refuses the resource ${refused}.`;
      return new Error(await explained(intro, request, { client, now: clock.now() }));
    },
  });
}

/**
 * The state of a resource; undefined if it does not exist. The operator counts all ready pods, and right after a change these are the old pods
 * (elastic/cloud-on-k8s, `pkg/controller/beat/common/reconcile.go`, newStatus, v3.5.0). So a resource with a `workload` is ready only when the
 * workload has replaced the old pods.
 */
async function stateOf(
  { api, plural, name, workload }: ElasticAwaited,
  namespace: string,
  client: ElasticWait["client"],
): Promise<ElasticState | undefined> {
  const found = await client.get<Found>(`/apis/${api}/namespaces/${namespace}/${plural}/${name}`);
  if (found === undefined) return undefined;
  const state = healthOf(found);
  if (workload === undefined || state.state !== "ready") return state;
  const rollout = await client.get<Rollout>(`/apis/apps/v1/namespaces/${namespace}/${workload}`);
  const problem = rolloutProblem(rollout);
  return problem === undefined ? state : { state: "waiting", text: `${found.kind}/${name}: ${problem}` };
}

/** A message, with the operator's warnings and the pods' obstacles in the namespace. If the namespace cannot be read, the message has neither. */
async function explained(
  intro: string,
  { namespace }: ElasticReady,
  { client, now }: Pick<ElasticWait, "client"> & { readonly now: number },
): Promise<string> {
  const base = `/api/v1/namespaces/${namespace}`;
  const [events, pods] = await Promise.all([
    client.list<WarningEvent>(`${base}/events`).catch(() => []),
    client.list<WaitingPod>(`${base}/pods`).catch(() => []),
  ]);
  const reasons = [...fewLines(operatorWarnings(events, ["Elasticsearch", "Kibana", "Beat"])), ...fewLines(podObstacles(pods, now))];
  return [
    intro,
    ...reasons.map((each) => `- ${each}`),
    `oc get elasticsearch,kibana,beat,pods -n ${namespace} shows more. Run the command again to go on waiting.`,
  ].join("\n");
}
