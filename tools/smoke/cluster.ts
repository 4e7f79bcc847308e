import { EXAMPLE_NAMESPACE } from "../../config/example-application/settings";
import { DATABASE, DATABASE_LABELS } from "../../cluster-objects/example-application/names";
import type { Clock } from "../../lib/clock";
import type { ApiItem } from "../../lib/kubernetes/client";
import { waitFor } from "../../lib/wait-for";
import type { RestoreContext } from "../restore-resources/restore";

export interface ClusterContext extends RestoreContext {
  readonly clock: Clock;
}

interface Pod extends ApiItem {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Milliseconds between two requests to the cluster's API while waiting. */
const PAUSE_MS = 2000;

/** Maximum number of minutes until a new pod of the database is ready. The volume may have to move to another node. This project's choice. */
const RESTART_MINUTES = 10;

/** Maximum number of minutes until a deleted namespace and its volume are gone. This project's choice. */
const DELETION_MINUTES = 10;

/** Deletes the database's pod, and waits until another one is ready. */
export async function restartDatabase(context: ClusterContext): Promise<void> {
  const path = `/api/v1/namespaces/${EXAMPLE_NAMESPACE}/pods`;
  const selector = `?labelSelector=${encodeURIComponent(`app=${DATABASE_LABELS.app}`)}`;
  const before = await context.client.list<Pod>(`${path}${selector}`);
  if (before.length === 0)
    throw new Error(
      `the database ${EXAMPLE_NAMESPACE}/${DATABASE} has no pod: oc describe statefulset ${DATABASE} -n ${EXAMPLE_NAMESPACE} shows the reason`,
    );
  for (const { metadata } of before) await context.client.delete(`${path}/${metadata.name}`);
  await waitUntil(context, `a new pod of the database ${EXAMPLE_NAMESPACE}/${DATABASE}`, RESTART_MINUTES, async () => {
    const pods = await context.client.list<Pod>(`${path}${selector}`);
    return pods.some((pod) => isReady(pod) && !before.some(({ metadata }) => metadata.uid === pod.metadata.uid));
  });
}

/** Deletes the namespace of the example application with everything in it. */
export async function deleteExample(context: ClusterContext): Promise<void> {
  const path = `/api/v1/namespaces/${EXAMPLE_NAMESPACE}`;
  await context.client.delete(path);
  await waitUntil(
    context,
    `the deletion of the namespace ${EXAMPLE_NAMESPACE}`,
    DELETION_MINUTES,
    async () => (await context.client.get(path)) === undefined,
  );
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

async function waitUntil(
  { say, clock }: Pick<ClusterContext, "say" | "clock">,
  what: string,
  minutes: number,
  done: () => Promise<boolean>,
): Promise<void> {
  await waitFor({
    of: what,
    minutes,
    pauseMs: PAUSE_MS,
    say,
    clock,
    look: async () => ((await done()) ? { done: undefined } : { state: "" }),
    failure: (_, lastFailure) => new Error(`${what} took longer than ${minutes} minutes${lastFailure}`),
  });
}
