/** Objects of the Operator Lifecycle Manager from which the tests compute a verdict. */
import type { InstallPlan, OperatorRequest, OperatorRun, OperatorState, Subscription } from "../../../../steps/operator/objects";
import { verdictOn as decide, type Verdict } from "../../../../steps/operator/verdict";

export const automatic: OperatorRequest = {
  package: "demo",
  namespace: "demo",
  source: { name: "team", namespace: "openshift-marketplace" },
  channel: "stable",
};
export const request: OperatorRequest = { ...automatic, startingCSV: "demo.v1.2.0" };

/** A run of the wait. No InstallPlan existed when it began. */
export const fresh: OperatorRun = { oldPlans: new Set(), versions: new Map() };
/** A run of the wait. The InstallPlan existed when it began. */
export const later: OperatorRun = { ...fresh, oldPlans: new Set(["install-a"]) };
export const verdictFor = (wanted: OperatorRequest, found: OperatorState, run = fresh): Verdict => decide(wanted, found, run);

export const subscription = (status: Subscription["status"], name = "demo", spec: Partial<Subscription["spec"]> = {}): Subscription => ({
  metadata: { name },
  spec: { name, installPlanApproval: "Manual", startingCSV: `${name}.v1.2.0`, ...spec },
  ...(status && { status }),
});
export const plan = (names: readonly string[], more: Partial<InstallPlan["status"]> & { approved?: boolean } = {}): InstallPlan => {
  const { approved = false, ...status } = more;
  return {
    metadata: { name: "install-a" },
    spec: { approved, clusterServiceVersionNames: names },
    status: { phase: "RequiresApproval", ...status },
  };
};
export const csv = (name: string, phase: string, reason = "", message = "") => ({
  metadata: { name },
  spec: { version: /v(\d.*)/.exec(name)?.[1] ?? "" },
  status: { phase, reason, message },
});
const ready = { status: { connectionState: { lastObservedState: "READY" } } };

export const state = (more: Partial<OperatorState>): OperatorState => ({
  groups: [{ metadata: { name: "demo" }, spec: { targetNamespaces: ["demo"] } }],
  subscriptions: [subscription(undefined)],
  plans: [],
  csvs: [],
  copies: [],
  sources: [{ metadata: { name: "team" }, ...ready }],
  ...more,
});
export const offered = (name: string, installedCSV?: string) =>
  subscription({ state: "UpgradePending", currentCSV: name, ...(installedCSV && { installedCSV }), installPlanRef: { name: "install-a" } });
export const conditionNamed = (type: string, message: string) => ({
  conditions: [{ type, status: "True", reason: "ConstraintsNotSatisfiable", message }],
});
