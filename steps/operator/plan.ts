import { conditionOf } from "../../lib/kubernetes/conditions";
import type { InstallPlan, OperatorRequest, OperatorRun, OperatorState, Subscription } from "./objects";
import { SETTLED, type Stuck, stuck, type Waiting } from "./stuck";
import { compareCsvs } from "./versions";

/** The program's next action for an InstallPlan that is not complete, or the state of the InstallPlan. */
export type PlanVerdict =
  | { readonly state: "approve"; readonly plan: string; readonly text: string }
  | { readonly state: "discard"; readonly plan: InstallPlan; readonly text: string }
  | Stuck
  | Waiting;

interface PlanContext {
  readonly request: OperatorRequest;
  readonly subscription: Subscription;
  readonly state: OperatorState;
  readonly run: OperatorRun;
}

/** Decides about the InstallPlan of a Subscription. */
export function planVerdict(plan: InstallPlan, context: PlanContext): PlanVerdict {
  const { namespace } = context.request;
  const { name } = plan.metadata;
  const { phase = "", message = "" } = plan.status ?? {};
  if (phase === "Failed") {
    const reason = conditionOf(plan.status?.conditions, "Installed")?.message ?? message;
    return stuck(
      `InstallPlan ${namespace}/${name} failed: ${reason}. When the cause is removed, delete the plan, and OLM makes a new one: ` +
        `oc delete installplan ${name} -n ${namespace}`,
      0,
    );
  }
  if (phase === "RequiresApproval" && !plan.spec.approved) return pendingVerdict(plan, context);
  return message === ""
    ? { state: "waiting", text: `InstallPlan ${name} is being installed` }
    : stuck(`InstallPlan ${namespace}/${name} makes no progress: ${message}`, 2 * SETTLED);
}

function pendingVerdict(plan: InstallPlan, context: PlanContext): PlanVerdict {
  const { request, subscription, state } = context;
  const { name } = plan.metadata;
  const offered = offeredBy(subscription);
  const outdated = whyOutdated(plan, context);
  if (outdated !== undefined)
    return { state: "discard", plan, text: `deletes InstallPlan ${name} for ${offered}, because ${outdated}; OLM makes a new one` };
  if (request.startingCSV === undefined)
    return stuck(
      `InstallPlan ${name} for ${offered} waits for an approval, because another Subscription in the namespace ${request.namespace} has manual approval. ` +
        "Give the operator its own namespace, or set startingCSV and approval Manual.",
      SETTLED,
    );
  if (!isUpTo(offered, request.startingCSV, context)) return beyond(offered, request, subscription);
  const orphans = orphansIn(plan, state);
  if (orphans.length > 0)
    return stuck(
      `InstallPlan ${name} for ${offered} would also install ${orphans.join(" and ")}, which belongs to no Subscription. ` +
        `Run the command again, or delete the plan, and OLM makes a new one: oc delete installplan ${name} -n ${request.namespace}`,
      SETTLED,
    );
  const foreign = foreignVersions(plan, context);
  if (foreign.length > 0)
    return stuck(
      `InstallPlan ${name} for ${offered} would also install ${foreign.join(" and ")}, which nobody has approved. OLM puts all updates of a namespace into one plan. ` +
        `Approve it yourself (oc patch installplan ${name} -n ${request.namespace} --type merge -p '{"spec":{"approved":true}}'), or move one operator to another namespace.`,
      2 * SETTLED,
    );
  return { state: "approve", plan: name, text: `approves ${plan.spec.clusterServiceVersionNames.join(", ")} (InstallPlan ${name})` };
}

/**
 * The reason why OLM has to make the plan again; undefined if the program can approve or refuse the plan as it is. While an InstallPlan waits for
 * its approval, OLM does not resolve again, even if the Subscription or the catalog has changed. When the plan is deleted, OLM resolves again
 * (openshift/operator-framework-olm, `pkg/controller/operators/catalog/operator.go`: nothingToUpdate, and `subscription/state.go`:
 * InstallPlanNotFound, of its operator-lifecycle-manager, release-4.19).
 */
function whyOutdated(plan: InstallPlan, context: PlanContext): string | undefined {
  const { request, subscription, state, run } = context;
  if (request.startingCSV === undefined)
    return state.subscriptions.some(({ spec }) => spec.installPlanApproval === "Manual")
      ? undefined
      : "it is older than the approval Automatic";
  if (!run.oldPlans.has(plan.metadata.name)) return undefined;
  const orphans = orphansIn(plan, state);
  if (orphans.length > 0) return `it has ${orphans.join(" and ")}, which belongs to no Subscription`;
  const offered = offeredBy(subscription);
  if (isFromOtherCatalog(plan, offered, request)) return "it was made from another catalog";
  if (offered === request.startingCSV) return undefined;
  // The plan stays, because somebody may be about to approve it for another operator.
  if (isUpTo(offered, request.startingCSV, context) && isWantedByOthers(plan, context)) return undefined;
  return "it may be older than the configuration and the catalog";
}

function offeredBy({ status }: Subscription): string {
  return status?.currentCSV ?? "";
}

function isFromOtherCatalog({ status }: InstallPlan, offered: string, { source }: OperatorRequest): boolean {
  const resource = status?.plan?.find(({ resolving }) => resolving === offered)?.resource;
  return resource !== undefined && (resource.sourceName !== source.name || resource.sourceNamespace !== source.namespace);
}

function isWantedByOthers(plan: InstallPlan, { subscription, state }: PlanContext): boolean {
  return plan.spec.clusterServiceVersionNames.some((name) =>
    state.subscriptions.some(({ metadata, spec, status }) => {
      const isOther = metadata.name !== subscription.metadata.name;
      return isOther && status?.currentCSV === name && spec.startingCSV === name;
    }),
  );
}

/**
 * The problem that OLM offers a version newer than startingCSV. OLM offers the newest version that updates the installed version, so it may skip
 * startingCSV.
 */
function beyond(offered: string, { startingCSV = "", channel }: OperatorRequest, { status }: Subscription): Stuck {
  const from = status?.installedCSV === undefined ? "" : ` from ${status.installedCSV}`;
  return stuck(
    `Channel ${channel} offers ${offered}${from}, which is not approved: startingCSV is ${startingCSV}. OLM always offers the newest update, and may leave out versions before it. ` +
      `Set startingCSV to ${offered}, or to the installed version. To get exactly ${startingCSV}, remove the operator from the configuration, run the command, and add it again.`,
    0,
  );
}

/**
 * Versions in an InstallPlan that are neither a Subscription's next version nor a dependency. For a dependency the plan itself creates a
 * Subscription (openshift/operator-framework-olm, `pkg/controller/registry/resolver/step_resolver.go` of its operator-lifecycle-manager,
 * release-4.19). Such a version belongs to a Subscription that has been deleted, or whose status OLM has not written yet.
 */
function orphansIn({ spec, status }: InstallPlan, { subscriptions }: OperatorState): string[] {
  return spec.clusterServiceVersionNames.filter((name) => {
    const isOwned = subscriptions.some((each) => each.status?.currentCSV === name);
    return !isOwned && !status?.plan?.some(({ resolving, resource }) => resolving === name && resource.kind === "Subscription");
  });
}

/** Versions in an InstallPlan that belong to Subscriptions whose owners have not approved them. */
function foreignVersions(plan: InstallPlan, context: PlanContext): string[] {
  const { subscription, state } = context;
  return plan.spec.clusterServiceVersionNames.flatMap((name) => {
    const owner = state.subscriptions.find(({ status }) => status?.currentCSV === name);
    if (owner === undefined || owner.metadata.name === subscription.metadata.name) return [];
    const { installPlanApproval, startingCSV = "" } = owner.spec;
    return installPlanApproval !== "Manual" || isUpTo(name, startingCSV, context) ? [] : [`${name} (Subscription ${owner.metadata.name})`];
  });
}

/** Whether a version is the wanted version or certainly an older one. */
function isUpTo(name: string, wanted: string, { state, run }: PlanContext): boolean {
  return name === wanted || (compareCsvs(name, wanted, { ...state, ...run }) ?? 1) < 0;
}
