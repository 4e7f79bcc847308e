import type { ApiItem, ClusterClient } from "../../lib/kubernetes/client";
import { type Clock, systemClock } from "../../lib/clock";
import { TolerantReader } from "../../lib/temporary-error";
import { type ElasticResource, healthOf } from "./health";
import { fewLines, podObstacles, type WaitingPod, operatorWarnings, type WarningEvent } from "./obstacles";

/** The resources to wait for. */
export interface ElasticReady {
  readonly namespace: string;
  /** Paths below `/apis` and above the namespace, and the names: `elasticsearch.k8s.elastic.co/v1`, `elasticsearches`, `logs`. */
  readonly resources: readonly { readonly api: string; readonly plural: string; readonly name: string }[];
  /** Digest of the resources: with another one the program runs again. */
  readonly digest: string;
}

export interface ElasticWait {
  readonly client: Pick<ClusterClient, "get" | "list">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/**
 * Minutes until the pods run: images of a gigabyte are pulled, and a change restarts one Elasticsearch node after the other, each of which first
 * copies logs. This project's choice.
 */
const LIMIT_MINUTES = 30;
const PAUSE_MS = 3000;

type Found = ElasticResource & ApiItem;

/**
 * Waits until Elasticsearch, Kibana and Filebeat are healthy.
 *
 * @throws Error with the operator's warnings and the pods that do not run, if they are not healthy in time or if the operator refuses one
 */
export async function waitForElastic(request: ElasticReady, { client, say, clock = systemClock }: ElasticWait): Promise<void> {
  const { namespace, resources } = request;
  const reader = new TolerantReader({ of: `the state of the resources in ${namespace}`, say, now: clock.now });
  let said = "";
  for (const deadline = clock.now() + LIMIT_MINUTES * 60_000; ;) {
    const read = await reader.read(() =>
      Promise.all(resources.map(({ api, plural, name }) => client.get<Found>(`/apis/${api}/namespaces/${namespace}/${plural}/${name}`))),
    );
    if (read !== undefined) {
      const missing = resources.find((_, index) => read.answer[index] === undefined);
      if (missing) throw new Error(`${missing.plural} ${namespace}/${missing.name} has been deleted. Run the command again.`);
      const states = read.answer.flatMap((found) => (found ? [healthOf(found)] : []));
      const open = states.filter(({ state }) => state !== "ready").map(({ text }) => text);
      if (open.length === 0) return;
      if (open.join("\n") !== said) say(open.join("; "));
      said = open.join("\n");
      if (states.some(({ state }) => state === "refused"))
        throw new Error(await explained(`The operator refuses ${open[0]}.`, request, client));
    }
    if (clock.now() > deadline) {
      const intro = `Not healthy after ${LIMIT_MINUTES} minutes: ${said.replaceAll("\n", "; ")}.${reader.lastFailure}`;
      throw new Error(await explained(intro, request, client));
    }
    await clock.pause(PAUSE_MS);
  }
}

/** A message with everything in the namespace that explains it. If the namespace cannot be read any more, the message comes without. */
async function explained(intro: string, { namespace }: ElasticReady, client: ElasticWait["client"]): Promise<string> {
  const base = `/api/v1/namespaces/${namespace}`;
  const [events, pods] = await Promise.all([
    client.list<WarningEvent>(`${base}/events`).catch(() => []),
    client.list<WaitingPod>(`${base}/pods`).catch(() => []),
  ]);
  const reasons = [...fewLines(operatorWarnings(events, ["Elasticsearch", "Kibana", "Beat"])), ...fewLines(podObstacles(pods))];
  return [
    intro,
    ...reasons.map((each) => `- ${each}`),
    `oc get elasticsearch,kibana,beat,pods -n ${namespace} shows more. Run the command again to go on waiting.`,
  ].join("\n");
}
