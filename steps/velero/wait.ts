import type { ClusterClient } from "../../lib/kubernetes/client";
import type { Clock } from "../../lib/clock";
import { waitFor } from "../../lib/wait-for";
import { hasEnded, PAUSE_MS, type VeleroItem, type VeleroName, veleroPath, type VeleroStatus } from "./api";

export interface VeleroWait {
  readonly client: Pick<ClusterClient, "get">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
  readonly timeoutMinutes: number;
  /** Phases in which the wait ends, in addition to the phases in which every backup or restore has ended. */
  readonly alsoEnds?: readonly string[];
}

/**
 * Waits until a backup or a restore has ended, and reports its progress.
 *
 * @throws Error if it has not ended in time, or has been deleted
 */
export async function waitForEnd(kind: "backup" | "restore", { name, namespace }: VeleroName, wait: VeleroWait): Promise<VeleroStatus> {
  const { client, say, clock, timeoutMinutes, alsoEnds = [] } = wait;
  const path = veleroPath(namespace, `${kind}s`, name);
  return waitFor<VeleroStatus>({
    of: `the ${kind} ${name}`,
    minutes: timeoutMinutes,
    pauseMs: PAUSE_MS,
    say,
    announce: (state) => `the ${kind} ${name}: ${state}`,
    clock,
    unread: progressOf({}),
    look: async () => {
      const found = await client.get<VeleroItem>(path);
      if (found === undefined) return { error: new Error(`the ${kind} ${name} was deleted before it ended`) };
      const { status = {} } = found;
      return hasEnded(status.phase) || alsoEnds.includes(status.phase ?? "") ? { done: status } : { state: progressOf(status) };
    },
    failure: (state, lastFailure) =>
      new Error(
        `the ${kind} ${name} has not ended after ${timeoutMinutes} minutes: ${state}${lastFailure}. ` +
          `It goes on: oc get ${kind}s.velero.io -n ${namespace} ${name} -o yaml`,
      ),
  });
}

function progressOf({ phase = "New", progress }: VeleroStatus): string {
  const done = progress?.itemsBackedUp ?? progress?.itemsRestored;
  return done === undefined ? phase : `${phase}, ${done} of ${progress?.totalItems ?? "?"} objects`;
}
