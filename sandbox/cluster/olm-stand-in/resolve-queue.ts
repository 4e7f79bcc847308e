import { GLOBAL_NAMESPACE } from "./default-sources";
import type { OlmState } from "./objects";

/** Seconds after which OLM resolves every namespace again, even without a change (`cmd/catalog/main.go`: defaultWakeupInterval). */
export const RESYNC_SECONDS = 900;

/**
 * Decides when OLM resolves a namespace: after a change of a Subscription, OperatorGroup, InstallPlan or catalog of the
 * namespace, after a change of a global catalog, and every `RESYNC_SECONDS`. A change of a ClusterServiceVersion does not
 * start a resolution (openshift/operator-framework-olm, `pkg/controller/operators/catalog/operator.go` and
 * `subscription/syncer.go` of its operator-lifecycle-manager, release-4.19).
 */
export class ResolveQueue {
  private readonly seen = new Map<string, string>();
  private readonly due = new Map<string, number>();

  /** Whether the namespace has changed or its resolution is due. A call that returns true remembers the present versions and plans the next resync. */
  take(namespace: string, state: OlmState, now: Date): boolean {
    const seen = versionsIn(namespace, state);
    const due = this.due.get(namespace) ?? 0;
    if (seen === this.seen.get(namespace) && now.getTime() < due) return false;
    this.seen.set(namespace, seen);
    this.addAfter(namespace, RESYNC_SECONDS, now);
    return true;
  }

  addAfter(namespace: string, seconds: number, now: Date): void {
    this.due.set(namespace, now.getTime() + seconds * 1000);
  }
}

/** The versions of all objects whose events make OLM resolve the namespace. */
function versionsIn(namespace: string, { subscriptions, groups, plans, sources }: OlmState): string {
  const own = [...subscriptions, ...groups, ...plans].filter(({ metadata }) => metadata.namespace === namespace);
  const usable = sources.filter(({ metadata }) => metadata.namespace === namespace || metadata.namespace === GLOBAL_NAMESPACE);
  return [...own, ...usable].map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`).join("\n");
}
