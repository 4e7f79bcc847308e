import { NODE_AGENT } from "../../cluster-objects/velero/names";
import type { Clock } from "../../lib/clock";
import type { ClusterClient } from "../../lib/kubernetes/client";
import { type Rollout, rolloutProblem } from "../../lib/kubernetes/rollout";
import { waitFor } from "../../lib/wait-for";
import { PAUSE_MS } from "./api";

export interface NodeAgentContext {
  readonly client: Pick<ClusterClient, "get">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** Minutes until the node agent must run on every node: each node pulls one image. This project's choice. */
const AGENT_MINUTES = 10;

/** The path of the node agent's DaemonSet. */
export function nodeAgentPath(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/daemonsets/${NODE_AGENT}`;
}

/**
 * Waits until the node agent runs on every node. Velero reports an error for each volume on a node without the agent (vmware-tanzu/velero,
 * `pkg/podvolume/backupper.go`: BackupPodVolumes, release-1.18).
 *
 * @param namespace Velero's namespace
 * @throws Error if the agent does not run on some node in time
 */
export async function waitForNodeAgent(namespace: string, { client, say, clock }: NodeAgentContext): Promise<void> {
  await waitFor({
    of: "the node agent",
    minutes: AGENT_MINUTES,
    pauseMs: PAUSE_MS,
    say,
    clock,
    look: async () => {
      const problem = rolloutProblem(await client.get<Rollout>(nodeAgentPath(namespace)));
      return problem === undefined ? { done: undefined } : { state: `The DaemonSet ${NODE_AGENT}: ${problem}` };
    },
    failure: (state) =>
      new Error(
        `Velero's node agent is not ready after ${AGENT_MINUTES} minutes. ${state}. ` +
          `See oc get pods -n ${namespace} -l name=${NODE_AGENT} -o wide; then run pulumi up again`,
      ),
  });
}
