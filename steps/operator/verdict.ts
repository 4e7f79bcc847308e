import { csvProblem, progressOf } from "./csv";
import type { OperatorRequest, OperatorRun, OperatorState, Subscription } from "./objects";
import { type PlanVerdict, planVerdict } from "./plan";
import { copyProblem, groupProblem, resolutionProblem, unpacking } from "./problems";
import { SETTLED, sourceName, type Stuck, stuck, type Waiting, type Wake } from "./stuck";
import { compareCsvs } from "./versions";

/**
 * The state of an operator's installation as the program judges it: ready, waiting, stuck, or the program's next action (approve or delete an
 * InstallPlan, make OLM resolve again).
 */
export type Verdict = { readonly state: "ready"; readonly text: string } | PlanVerdict | Stuck | Waiting | Wake;

/**
 * Decides from the objects in the cluster. The phase of the ClusterServiceVersion shows whether the operator is installed: the Subscription's state
 * is AtLatestKnown even if the ClusterServiceVersion has failed.
 */
export function verdictOn(request: OperatorRequest, state: OperatorState, run: OperatorRun): Verdict {
  const subscription = state.subscriptions.find(({ metadata }) => metadata.name === request.package);
  if (subscription === undefined) return stuck(`Subscription ${request.namespace}/${request.package} does not exist.`, SETTLED);
  const problem = groupProblem(request, state) ?? copyProblem(request, subscription, state);
  if (problem !== undefined) return problem;
  const context = { request, subscription, state, run };
  const installed = installedVerdict(context);
  if (installed !== undefined) return installed;
  const plan = state.plans.find(({ metadata }) => metadata.name === subscription.status?.installPlanRef?.name);
  if (plan !== undefined && plan.status?.phase !== "Complete") return planVerdict(plan, context);
  const { currentCSV = "" } = subscription.status ?? {};
  if (plan !== undefined && !state.csvs.some(({ metadata }) => metadata.name === currentCSV))
    return stuck(
      `ClusterServiceVersion ${currentCSV} was deleted, and OLM does not install it again. Remove the operator from the configuration, run the command, and add it again.`,
      2 * SETTLED,
    );
  return (
    unpacking(subscription) ??
    resolutionProblem(request, subscription, state) ?? { state: "waiting", text: "waits until OLM has found the version in the catalog" }
  );
}

interface VerdictContext {
  readonly request: OperatorRequest;
  readonly subscription: Subscription;
  readonly state: OperatorState;
  readonly run: OperatorRun;
}

/**
 * The verdict on the version that is installed or being installed; undefined if there is none, or if an older version runs and OLM is updating it.
 */
function installedVerdict({ request, subscription, state, run }: VerdictContext): Verdict | undefined {
  const { state: progress, installedCSV: name = "", currentCSV = "", installPlanRef } = subscription.status ?? {};
  const csv = state.csvs.find(({ metadata }) => metadata.name === name);
  if (csv === undefined) return undefined;
  const problem = csvProblem(csv, request, state);
  if (problem !== undefined) return problem;
  if (csv.status?.phase !== "Succeeded") return { state: "waiting", text: progressOf(csv) };
  // A Subscription whose InstallPlan was deleted has no current version until OLM has made another plan.
  const isUnplanned = currentCSV === "" && installPlanRef === undefined;
  const wanted = request.startingCSV ?? (isUnplanned ? name : currentCSV);
  if (name === wanted) return { state: "ready", text: `${name} is installed in ${request.namespace}` };
  if ((compareCsvs(name, wanted, { ...state, ...run }) ?? 0) > 0)
    return stuck(
      `${name} is installed, which is newer than startingCSV ${wanted}: OLM does not go back. Set startingCSV to ${name}, or remove the operator from the configuration, run the command, and add it again.`,
      0,
    );
  if (progress !== "AtLatestKnown" && !isUnplanned) return undefined;
  return (
    unpacking(subscription) ??
    resolutionProblem(request, subscription, state) ??
    stuck(
      `Channel ${request.channel} of ${request.package} in ${sourceName(request)} has no update from ${name} to ${wanted}. ` +
        `Check the names: oc get packagemanifest ${request.package} -o yaml. A new version appears when the catalog's pod has pulled the catalog again.`,
      2 * SETTLED,
    )
  );
}
