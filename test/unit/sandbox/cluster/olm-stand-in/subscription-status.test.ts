/** The status that the stand-in for OLM gives a Subscription. */
import type { OlmCsv, OlmSubscription, OlmSubscriptionStatus } from "../../../../../sandbox/cluster/olm-stand-in/objects";
import { observedStatus, sameStatus, withCondition } from "../../../../../sandbox/cluster/olm-stand-in/subscription-status";

const spec = { name: "demo", source: "team", sourceNamespace: "openshift-marketplace" };
const reference = { name: "install-a", namespace: "demo", uid: "u" };
const observed = (status: Partial<OlmSubscriptionStatus>, csvs: readonly OlmCsv[] = []) =>
  observedStatus({ metadata: { name: "demo", namespace: "demo" }, spec, status } as OlmSubscription, {
    csvs,
    plans: [],
    sources: [],
    now: new Date(),
  });

it("the status loses a pending InstallPlan that was deleted, and keeps the installed version", () => {
  const found = observed({
    state: "UpgradePending",
    currentCSV: "demo.v1.1.0",
    installedCSV: "demo.v1.0.0",
    installPlanRef: reference,
    conditions: [{ type: "InstallPlanPending", status: "True" }],
  });
  expect(found).toMatchObject({ installedCSV: "demo.v1.0.0" });
  expect(found).not.toHaveProperty("currentCSV");
  expect(found).not.toHaveProperty("installPlanRef");
  expect(found).not.toHaveProperty("state");
  expect(found.conditions?.map(({ type }) => type)).toEqual(["CatalogSourcesUnhealthy"]);
});

it("the status has InstallPlanMissing if the InstallPlan of the installed version was deleted", () => {
  const csv = { metadata: { name: "demo.v1.0.0" } } as OlmCsv;
  const found = observed({ state: "AtLatestKnown", currentCSV: "demo.v1.0.0", installPlanRef: reference }, [csv]);
  expect(found).toMatchObject({ state: "AtLatestKnown", installedCSV: "demo.v1.0.0", installPlanRef: reference });
  expect(found.conditions).toContainEqual({ type: "InstallPlanMissing", status: "True", reason: "ReferencedInstallPlanNotFound" });
});

it("the status stays the same while nothing changes, because each changed status starts a resolution", () => {
  const unpacking = withCondition(observed({}), "BundleUnpacking", { status: "True", reason: "UnpackingInProgress" });
  expect(sameStatus(observed(unpacking), unpacking)).toBe(true);
});
