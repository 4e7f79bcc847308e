import { kubeTime } from "../kube-time";
import type { OlmCondition, OlmCsv, OlmInstallPlan, OlmSource, OlmSubscription, OlmSubscriptionStatus } from "./objects";

/** A source and whether its catalog answers. */
export interface SourceHealth {
  readonly source: OlmSource;
  readonly healthy: boolean;
}

/** The parts of a status that the stand-in computes from the other objects; a resolution sets all other parts. */
export interface SubscriptionSurroundings {
  readonly csvs: readonly OlmCsv[];
  readonly plans: readonly OlmInstallPlan[];
  /** CatalogSources of the namespace and of the global namespace. */
  readonly sources: readonly SourceHealth[];
  readonly now: Date;
}

/**
 * A Subscription's status as it follows from the objects around it: health of the catalogs, state of the InstallPlan, and whether the current
 * version exists (operator-framework/operator-lifecycle-manager, `pkg/controller/operators/catalog/subscription/state.go` and
 * `pkg/controller/operators/catalog/operator.go`, master: ensureSubscriptionCSVState).
 */
export function observedStatus(subscription: OlmSubscription, around: SubscriptionSurroundings): OlmSubscriptionStatus {
  const before = subscription.status ?? { lastUpdated: kubeTime(around.now) };
  const conditions = (before.conditions ?? []).filter(({ type }) => !/^(CatalogSourcesUnhealthy|InstallPlan)/.test(type));
  const { installPlanRef: reference } = before;
  const plan = around.plans.find(({ metadata }) => metadata.name === reference?.name);
  const isMissing = reference !== undefined && plan === undefined;
  const status = isMissing && before.state === "UpgradePending" ? withoutPlan(before) : before;
  const missing = { type: "InstallPlanMissing", status: "True", reason: "ReferencedInstallPlanNotFound" };
  const pending = plan === undefined ? isMissing && status === before && missing : planCondition(plan);
  return {
    ...status,
    ...csvState(status, around.csvs),
    catalogHealth: around.sources.map(({ source: { apiVersion, kind, metadata }, healthy }) => ({
      catalogSourceRef: { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid },
      healthy,
      lastUpdated: kubeTime(around.now),
    })),
    conditions: inOrder([...conditions, healthCondition(subscription, around.sources), ...(pending ? [pending] : [])]),
  };
}

/**
 * The status after a pending InstallPlan has been deleted, so that OLM resolves again (openshift/operator-framework-olm,
 * `pkg/controller/operators/catalog/subscription/state.go` of its operator-lifecycle-manager, release-4.19: InstallPlanNotFound).
 */
function withoutPlan(status: OlmSubscriptionStatus): OlmSubscriptionStatus {
  const next = { ...status };
  delete next.installPlanRef;
  delete next.currentCSV;
  delete next.state;
  return next;
}

function csvState(status: OlmSubscriptionStatus, csvs: readonly OlmCsv[]): Partial<OlmSubscriptionStatus> {
  const { currentCSV } = status;
  if (currentCSV === undefined || currentCSV === "") return {};
  const exists = csvs.some(({ metadata }) => metadata.name === currentCSV);
  return exists ? { state: "AtLatestKnown", installedCSV: currentCSV } : { state: "UpgradePending" };
}

function healthCondition({ spec: { source, sourceNamespace } }: OlmSubscription, sources: readonly SourceHealth[]): OlmCondition {
  const type = "CatalogSourcesUnhealthy";
  const name = `targeted catalogsource ${sourceNamespace}/${source}`;
  const target = sources.find(({ source: { metadata } }) => metadata.name === source && metadata.namespace === sourceNamespace);
  if (target === undefined) return { type, status: "True", reason: "UnhealthyCatalogSourceFound", message: `${name} missing` };
  if (!target.healthy) return { type, status: "True", reason: "UnhealthyCatalogSourceFound", message: `${name} unhealthy` };
  if (sources.some(({ healthy }) => !healthy)) return { type, status: "True", reason: "UnhealthyCatalogSourceFound" };
  return { type, status: "False", reason: "AllCatalogSourcesHealthy", message: "all available catalogsources are healthy" };
}

function planCondition({ status }: OlmInstallPlan): OlmCondition | undefined {
  const phase = status?.phase ?? "";
  if (phase === "Failed") return { type: "InstallPlanFailed", status: "True", reason: "InstallPlanFailed" };
  if (phase === "Complete") return undefined;
  return { type: "InstallPlanPending", status: "True", reason: phase === "" ? "InstallPlanNotYetReconciled" : phase };
}

/** The status with a condition that is set or, without a value, removed. */
export function withCondition(status: OlmSubscriptionStatus, type: string, value?: Omit<OlmCondition, "type">): OlmSubscriptionStatus {
  const others = (status.conditions ?? []).filter((condition) => condition.type !== type);
  return { ...status, conditions: value === undefined ? others : inOrder([...others, { type, ...value }]) };
}

/** Conditions in a fixed order. A different order would be a change of the Subscription, and every change starts a resolution. */
function inOrder(conditions: readonly OlmCondition[]): readonly OlmCondition[] {
  return [...conditions].sort((one, other) => (one.type < other.type ? -1 : 1));
}

/** Whether two statuses are equal, apart from times. */
export function sameStatus(one: object | undefined, other: object | undefined): boolean {
  const text = (value: object | undefined) =>
    JSON.stringify(value ?? {}, (key, inner: unknown) => {
      if (key === "lastUpdated" || key === "lastTransitionTime") return undefined;
      if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
    });
  return text(one) === text(other);
}
