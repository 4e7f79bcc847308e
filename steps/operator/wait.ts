import { isRefusal, isUnknownKind } from "../../lib/kubernetes/client";
import { reasonOf } from "../../lib/reason";
import { type VerdictTimeouts, waitForVerdict } from "../../lib/wait-for-verdict";
import type { OperatorApi } from "./cluster-api";
import type { OperatorRequest, OperatorRun } from "./objects";
import { type Verdict, verdictOn } from "./verdict";

type WaitApi = Pick<OperatorApi, "state" | "versions" | "approve" | "discard" | "wake">;

/**
 * OLM gives up the unpacking of a bundle after 10 minutes and an installation after 5 (operator-framework/operator-lifecycle-manager,
 * `cmd/catalog/main.go` and `pkg/controller/operators/olm/operator.go`, master).
 */
const usualTimeouts: VerdictTimeouts = { total: 1200, patience: 1, pause: 2 };

export interface OperatorWaitOptions {
  readonly timeouts?: VerdictTimeouts;
  /** Shows progress messages to the user. */
  readonly say?: (text: string) => void;
}

/**
 * Waits until an operator's version is installed. Approves the InstallPlans of this version and of the versions before it, but never of a newer
 * version. An InstallPlan from before this run is approved only if it is for the wanted version itself. An old InstallPlan for another version is
 * deleted, so that OLM makes a new one.
 *
 * @throws Error with the reason and the likely fix if a problem lasts, or if the time is over
 */
export async function waitForOperator(
  api: WaitApi,
  request: OperatorRequest,
  { timeouts = usualTimeouts, say = () => undefined }: OperatorWaitOptions = {},
): Promise<void> {
  const wait = new OperatorWait(api, request, timeouts);
  await waitForVerdict({
    subject: `operator ${request.package}`,
    look: () => wait.look(),
    act: (verdict) => wait.act(verdict),
    timeouts,
    say,
    overdue: {
      problem: "was not installed",
      more: `oc get subscription,installplan,csv -n ${request.namespace} shows more.`,
    },
  });
}

/** Seconds for which the API may fail to answer: a control plane node may be restarting. This project's choice. */
const API_OUTAGE = 300;

/** Seconds between two attempts to make OLM resolve, and between two requests for the catalog's versions. This project's choice. */
const REPEAT = 15;

/**
 * One wait for an operator. `look` reads the objects in the cluster and decides; `act` carries out the decision: it approves or deletes an
 * InstallPlan, or makes OLM resolve again.
 */
class OperatorWait {
  private run: OperatorRun | undefined;
  private lastAsked = 0;
  private lastWoken = 0;

  constructor(
    private readonly api: WaitApi,
    private readonly request: OperatorRequest,
    private readonly timeouts: VerdictTimeouts,
  ) {}

  /** @throws Error if the cluster has no OLM, or if the program may not read its objects */
  async look(): Promise<Verdict> {
    try {
      const state = await this.api.state(this.request);
      this.run ??= { oldPlans: new Set(state.plans.map(({ metadata }) => metadata.name)), versions: new Map() };
      const offered = state.subscriptions.find(({ metadata }) => metadata.name === this.request.package)?.status?.currentCSV;
      this.run = { ...this.run, versions: await this.versions(this.run.versions, offered) };
      return verdictOn(this.request, state, this.run);
    } catch (error) {
      if (isUnknownKind(error))
        throw new Error("the cluster has no Operator Lifecycle Manager: enable the capability OperatorLifecycleManager", { cause: error });
      if (isRefusal(error)) throw error;
      return { state: "stuck", text: `The cluster's API does not answer: ${reasonOf(error)}`, patience: API_OUTAGE };
    }
  }

  /** If the request fails because the object has just changed, or because the API does not answer, the next look decides again. */
  async act(verdict: Verdict): Promise<void> {
    const { namespace, package: name } = this.request;
    try {
      if (verdict.state === "approve") await this.api.approve(namespace, verdict.plan);
      if (verdict.state === "discard") await this.api.discard(namespace, verdict.plan);
      if (verdict.state === "wake" && this.isTime(this.lastWoken)) {
        this.lastWoken = Date.now();
        await this.api.wake(namespace, name);
      }
    } catch (error) {
      if (isRefusal(error)) throw error;
    }
  }

  /** The catalog's versions. If the catalog does not answer, the versions in the ClusterServiceVersions' names decide, so an error is ignored. */
  private async versions(known: OperatorRun["versions"], offered = ""): Promise<OperatorRun["versions"]> {
    const { startingCSV } = this.request;
    if (startingCSV === undefined || (known.has(startingCSV) && (offered === "" || known.has(offered)))) return known;
    if (!this.isTime(this.lastAsked)) return known;
    this.lastAsked = Date.now();
    const found = await this.api.versions(this.request).catch(() => known);
    return new Map([...known, ...found]);
  }

  private isTime(last: number): boolean {
    return Date.now() - last >= REPEAT * this.timeouts.patience * 1000;
  }
}
