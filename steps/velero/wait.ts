import type { ClusterClient } from "../../lib/kubernetes/client";
import { type Clock, systemClock } from "../../lib/clock";
import { TolerantReader } from "../../lib/temporary-error";
import { hasEnded, PAUSE_MS, type VeleroItem, type VeleroName, veleroPath, type VeleroStatus } from "./api";

export interface VeleroWait {
  readonly client: Pick<ClusterClient, "get">;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
  readonly timeoutMinutes: number;
  /** Other phases that count as the end. */
  readonly alsoEnds?: readonly string[];
}

/**
 * Waits until a backup or a restore has ended, and reports its progress.
 *
 * @throws Error if it has not ended in time, or has been deleted
 */
export async function waitForEnd(kind: "backup" | "restore", { name, namespace }: VeleroName, wait: VeleroWait): Promise<VeleroStatus> {
  const { client, say, clock = systemClock, timeoutMinutes, alsoEnds = [] } = wait;
  const path = veleroPath(namespace, `${kind}s`, name);
  const reader = new TolerantReader({ of: `the ${kind} ${name}`, say, now: clock.now });
  let last = "";
  for (const deadline = clock.now() + timeoutMinutes * 60_000; ;) {
    const read = await reader.read(async () => ({ found: await client.get<VeleroItem>(path) }));
    if (read !== undefined && read.answer.found === undefined) throw new Error(`the ${kind} ${name} was deleted before it ended`);
    const status = read?.answer.found?.status ?? {};
    if (hasEnded(status.phase) || alsoEnds.includes(status.phase ?? "")) return status;
    const progress = progressOf(status);
    if (progress !== last) say(`the ${kind} ${name}: ${progress}`);
    last = progress;
    if (clock.now() > deadline)
      throw new Error(
        `the ${kind} ${name} has not ended after ${timeoutMinutes} minutes: ${progress}${reader.lastFailure}. ` +
          `It goes on: oc get ${kind}s.velero.io -n ${namespace} ${name} -o yaml`,
      );
    await clock.pause(PAUSE_MS);
  }
}

function progressOf({ phase = "New", progress }: VeleroStatus): string {
  const done = progress?.itemsBackedUp ?? progress?.itemsRestored;
  return done === undefined ? phase : `${phase}, ${done} of ${progress?.totalItems ?? "?"} objects`;
}
