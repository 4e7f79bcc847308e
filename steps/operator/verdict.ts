import { conditionOf } from "../../lib/kubernetes/conditions";
import { csvProblem, progressOf } from "./csv";
import type { InstallPlan, OperatorRequest, OperatorState, Subscription } from "./objects";
import { groupProblem, resolutionProblem, unpackProblem } from "./problems";
import { SETTLED, sourceName, type Stuck, stuck } from "./stuck";
import { compareCsvs } from "./versions";

/** What the program does next about an operator. */
export type Verdict =
  | { readonly state: "ready"; readonly text: string }
  | { readonly state: "waiting"; readonly text: string }
  | { readonly state: "approve"; readonly plan: string; readonly text: string }
  | Stuck;

/** Decides from the objects in the cluster. It reads the phase of the ClusterServiceVersion: a Subscription also says AtLatestKnown if that has failed. */
export function verdictOn(request: OperatorRequest, state: OperatorState): Verdict {
  const subscription = state.subscriptions.find(({ metadata }) => metadata.name === request.package);
  if (subscription === undefined) return stuck(`Subscription ${request.namespace}/${request.package} does not exist.`, SETTLED);
  const group = groupProblem(request, state);
  if (group !== undefined) return group;
  const installed = installedVerdict(request, subscription, state);
  if (installed !== undefined) return installed;
  const plan = state.plans.find(({ metadata }) => metadata.name === subscription.status?.installPlanRef?.name);
  if (plan !== undefined && plan.status?.phase !== "Complete") return planVerdict(plan, { request, subscription, state });
  const { currentCSV = "" } = subscription.status ?? {};
  if (plan !== undefined && !state.csvs.some(({ metadata }) => metadata.name === currentCSV))
    return stuck(
      `ClusterServiceVersion ${currentCSV} was deleted, and OLM does not install it again. Remove the operator from the configuration, run the command, and add it again.`,
      2 * SETTLED,
    );
  return (
    unpackProblem(subscription) ?? resolutionProblem(request, subscription, state) ?? { state: "waiting", text: waitingText(subscription) }
  );
}

/** The verdict on the version that is installed or being installed; undefined if there is none, or if it is an older one that runs. */
function installedVerdict(request: OperatorRequest, { status = {} }: Subscription, state: OperatorState): Verdict | undefined {
  const { installedCSV, currentCSV } = status;
  const name = installedCSV ?? "";
  const csv = state.csvs.find(({ metadata }) => metadata.name === name);
  if (csv === undefined) return undefined;
  const problem = csvProblem(csv, request, state);
  if (problem !== undefined) return problem;
  if (csv.status?.phase !== "Succeeded") return { state: "waiting", text: progressOf(csv) };
  const { startingCSV: wanted = currentCSV } = request;
  if (name === wanted) return { state: "ready", text: `${name} is installed in ${request.namespace}` };
  const order = compareCsvs(name, wanted ?? "", state);
  if (order !== undefined && order > 0)
    return stuck(
      `${name} is installed, which is newer than startingCSV ${wanted ?? ""}: OLM does not go back. Set startingCSV to ${name}, or remove the operator from the configuration, run the command, and add it again.`,
      0,
    );
  if (status.state !== "AtLatestKnown") return undefined;
  return (
    resolutionProblem(request, { status } as Subscription, state) ??
    stuck(
      `Channel ${request.channel} of ${request.package} in ${sourceName(request)} has no update from ${name} to ${wanted ?? ""}. ` +
        `Check the names: oc get packagemanifest ${request.package} -o yaml. A new version appears when the catalog's pod has pulled the catalog again.`,
      2 * SETTLED,
    )
  );
}

interface PlanContext {
  readonly request: OperatorRequest;
  readonly subscription: Subscription;
  readonly state: OperatorState;
}

function planVerdict(plan: InstallPlan, context: PlanContext): Verdict {
  const { request, subscription, state } = context;
  const { name } = plan.metadata;
  const { phase = "", message = "" } = plan.status ?? {};
  if (phase === "Failed") {
    const reason = conditionOf(plan.status?.conditions, "Installed")?.message ?? message;
    return stuck(
      `InstallPlan ${request.namespace}/${name} failed: ${reason}. When the cause is removed, delete the plan, and OLM makes a new one: ` +
        `oc delete installplan ${name} -n ${request.namespace}`,
      0,
    );
  }
  if (phase !== "RequiresApproval" || plan.spec.approved)
    return message === ""
      ? { state: "waiting", text: `InstallPlan ${name} is being installed` }
      : stuck(`InstallPlan ${request.namespace}/${name} does not get on: ${message}`, 2 * SETTLED);
  const { currentCSV: offered = "" } = subscription.status ?? {};
  if (request.startingCSV === undefined)
    return stuck(
      `InstallPlan ${name} for ${offered} waits for an approval, because another Subscription in the namespace ${request.namespace} has manual approval. ` +
        "Give the operator its own namespace, or set startingCSV and approval Manual.",
      SETTLED,
    );
  if (!isUpTo(offered, request.startingCSV, state)) return beyond(offered, request, subscription);
  const foreign = foreignVersions(plan, context);
  if (foreign.length > 0)
    return stuck(
      `InstallPlan ${name} for ${offered} would also install ${foreign.join(" and ")}, which nobody has approved. OLM puts all updates of a namespace into one plan. ` +
        `Approve it yourself (oc patch installplan ${name} -n ${request.namespace} --type merge -p '{"spec":{"approved":true}}'), or move one operator to another namespace.`,
      2 * SETTLED,
    );
  return { state: "approve", plan: name, text: `approves ${plan.spec.clusterServiceVersionNames.join(", ")} (InstallPlan ${name})` };
}

/** OLM offers the newest version that updates the installed one, so it may leave out the wanted one. */
function beyond(offered: string, { startingCSV = "", channel }: OperatorRequest, { status }: Subscription): Stuck {
  const from = status?.installedCSV === undefined ? "" : ` from ${status.installedCSV}`;
  return stuck(
    `Channel ${channel} offers ${offered}${from}, which is not approved: startingCSV is ${startingCSV}. OLM always offers the newest update, and may leave out versions before it. ` +
      `Set startingCSV to ${offered}, or to the installed version. To get exactly ${startingCSV}, remove the operator from the configuration, run the command, and add it again.`,
    0,
  );
}

/** Versions in an InstallPlan that belong to Subscriptions whose owners have not approved them. */
function foreignVersions(plan: InstallPlan, { subscription, state }: PlanContext): string[] {
  return plan.spec.clusterServiceVersionNames.flatMap((name) => {
    const owner = state.subscriptions.find(({ status }) => status?.currentCSV === name);
    // A version without a Subscription is a dependency, for which the plan itself creates one.
    if (owner === undefined || owner.metadata.name === subscription.metadata.name) return [];
    const { installPlanApproval, startingCSV = "" } = owner.spec;
    return installPlanApproval !== "Manual" || isUpTo(name, startingCSV, state) ? [] : [`${name} (Subscription ${owner.metadata.name})`];
  });
}

/** Whether a version is the wanted one, or older. A version that cannot be compared counts as newer. */
function isUpTo(name: string, wanted: string, state: OperatorState): boolean {
  return name === wanted || (compareCsvs(name, wanted, state) ?? 1) < 0;
}

function waitingText({ status }: Subscription): string {
  if (conditionOf(status?.conditions, "BundleUnpacking")?.status === "True") return "OLM unpacks the operator's bundle";
  return "waits until OLM has found the version in the catalog";
}
