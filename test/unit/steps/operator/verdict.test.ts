/** The decisions of the wait for an operator, computed from the objects in the cluster. */
import type { OperatorState, Subscription } from "../../../../steps/operator/objects";
import { automatic, conditionNamed, csv, plan, request, state, subscription, verdictFor } from "./states";

describe("the installed version", () => {
  const with_ = (name: string, phase: string, more: Partial<Subscription["status"]> = {}, reason = "", message = "") =>
    verdictFor(
      request,
      state({
        subscriptions: [subscription({ state: "AtLatestKnown", currentCSV: name, installedCSV: name, ...more })],
        csvs: [csv(name, phase, reason, message)],
      }),
    );

  it("is ready when its phase is Succeeded, not when the Subscription says AtLatestKnown", () => {
    expect(with_("demo.v1.2.0", "Succeeded")).toMatchObject({ state: "ready" });
    expect(with_("demo.v1.2.0", "Installing")).toMatchObject({ state: "waiting" });
    expect(with_("demo.v1.2.0", "Failed", {}, "UnsupportedOperatorGroup", "no")).toMatchObject({ state: "stuck" });
  });

  it("stays ready while a newer version waits for its approval", () => {
    const next = { state: "UpgradePending", currentCSV: "demo.v1.3.0", installPlanRef: { name: "install-a" } };
    expect(with_("demo.v1.2.0", "Succeeded", next)).toMatchObject({ state: "ready" });
  });

  it("that is newer than the wanted one is a problem at once", () => {
    expect(with_("demo.v1.3.0", "Succeeded")).toMatchObject({ state: "stuck", patience: 0 });
  });

  it("without an update to the wanted version in the channel is a problem", () => {
    expect(with_("demo.v1.1.0", "Succeeded")).toMatchObject({
      state: "stuck",
      text: expect.stringContaining("has no update from demo.v1.1.0 to demo.v1.2.0") as string,
    });
  });

  it("is older than the rebuilt version that replaces it", () => {
    const rebuilt = { ...request, startingCSV: "demo.v1.2.0-0.1747215995.p" };
    const status = { state: "UpgradePending", currentCSV: rebuilt.startingCSV, installedCSV: "demo.v1.2.0" };
    const more = { subscriptions: [subscription(status)], csvs: [csv("demo.v1.2.0", "Succeeded")] };
    expect(verdictFor(rebuilt, state(more))).toMatchObject({ state: "waiting" });
  });

  it("is not reported as without an update while OLM unpacks the update, or if OLM could not unpack it", () => {
    const unpacking = { conditions: [{ type: "BundleUnpacking", status: "True", reason: "UnpackingInProgress" }] };
    expect(with_("demo.v1.1.0", "Succeeded", unpacking)).toMatchObject({ state: "waiting" });
    expect(with_("demo.v1.1.0", "Succeeded", conditionNamed("BundleUnpackFailed", "DeadlineExceeded"))).toMatchObject({
      state: "stuck",
      text: expect.stringContaining("could not unpack the operator's bundle: DeadlineExceeded") as string,
    });
  });

  it("is reported as without an update only after 60 s, because OLM may be making a deleted InstallPlan again", () => {
    const status = { installedCSV: "demo.v1.1.0" };
    const found = state({ subscriptions: [subscription(status)], csvs: [csv("demo.v1.1.0", "Succeeded")] });
    expect(verdictFor(request, found)).toMatchObject({ state: "stuck", patience: 60 });
    expect(verdictFor(automatic, found)).toMatchObject({ state: "ready", text: "demo.v1.1.0 is installed in demo" });
  });

  it("that has failed is a problem, and the text says how to replace it, because OLM does not update a failed version", () => {
    expect(with_("demo.v1.1.0", "Failed", {}, "InstallCheckFailed", "no").text).toContain("add it again with a version that works");
  });

  it("that is a copy from another namespace is a problem", () => {
    const copy = {
      ...csv("demo.v1.2.0", "Succeeded"),
      metadata: { name: "demo.v1.2.0", labels: { "olm.copiedFrom": "openshift-operators" } },
    };
    const subscriptions = [subscription({ state: "AtLatestKnown", currentCSV: "demo.v1.2.0", installedCSV: "demo.v1.2.0" })];
    expect(verdictFor(request, state({ subscriptions, copies: [copy] }))).toMatchObject({
      state: "stuck",
      text: expect.stringContaining("already runs for all namespaces, in openshift-operators") as string,
    });
  });

  it("that somebody has deleted is a problem", () => {
    const deleted = subscription({ state: "UpgradePending", currentCSV: "demo.v1.2.0", installPlanRef: { name: "install-a" } });
    const more = { subscriptions: [deleted], plans: [plan(["demo.v1.2.0"], { phase: "Complete", approved: true })] };
    expect(verdictFor(request, state(more))).toMatchObject({ state: "stuck", text: expect.stringContaining("was deleted") as string });
  });

  it("that lacks permissions is a problem, and the text names the permissions", () => {
    const requirement = {
      kind: "ServiceAccount",
      name: "demo",
      status: "PresentNotSatisfied",
      message: "Policy rule not satisfied for service account",
    };
    const found = { ...csv("demo.v1.2.0", "Pending", "RequirementsNotMet", "one or more requirements couldn't be found") };
    const dependents = [{ status: "NotSatisfied", message: 'cluster rule:{"verbs":["list"]}' }];
    const csvs = [{ ...found, status: { ...found.status, requirementStatus: [{ ...requirement, dependents }] } }];
    const subscriptions = [subscription({ currentCSV: "demo.v1.2.0", installedCSV: "demo.v1.2.0" })];
    expect(verdictFor(request, state({ subscriptions, csvs }))).toMatchObject({
      text: expect.stringContaining(
        'ServiceAccount demo (Policy rule not satisfied for service account; cluster rule:{"verbs":["list"]})',
      ) as string,
    });
  });
});

describe("a Subscription that gets no version", () => {
  const texts = (more: Partial<OperatorState>) => verdictFor(request, state(more)).text;

  it.each([
    ["no OperatorGroup", { groups: [] }, "has no OperatorGroup"],
    ["two OperatorGroups", { groups: [{ metadata: { name: "a" } }, { metadata: { name: "b" } }] }, "has 2 OperatorGroups (a, b)"],
    [
      "a second Subscription of the package",
      { subscriptions: [subscription(undefined), subscription(undefined, "twin", { name: "demo" })] },
      "another Subscription of the package demo: twin",
    ],
    ["no catalog", { sources: [] }, "CatalogSource openshift-marketplace/team does not exist. openshift-marketplace has none."],
    ["a catalog without connection", { sources: [{ metadata: { name: "team" } }] }, "does not answer (no connection yet)"],
    [
      "a bundle that cannot be unpacked",
      { subscriptions: [subscription(conditionNamed("BundleUnpackFailed", "DeadlineExceeded"))] },
      "could not unpack the operator's bundle: DeadlineExceeded",
    ],
    ["nothing yet", {}, "waits until OLM has found the version in the catalog"],
  ] satisfies [string, Partial<OperatorState>, string][])("is reported with the cause or the state: %s", (_, more, text) => {
    expect(texts(more)).toContain(text);
  });

  // Messages of a real OLM, except the last two (docs/sandbox.md).
  it.each([
    ["no operators found in package demo in the catalog referenced by subscription demo, subscription demo exists", "has no package demo"],
    [
      "no operators found in channel stable of package demo in the catalog referenced by subscription demo, subscription demo exists",
      "has no channel stable",
    ],
    [
      "no operators found with name demo.v1.2.0 in channel stable of package demo in the catalog referenced by subscription demo, subscription demo exists",
      "has no version demo.v1.2.0",
    ],
    [
      "no operators found in package nosuch in the catalog referenced by subscription x, subscription x exists",
      "The Subscription x in demo cannot be resolved",
    ],
    [
      "subscription other exists, subscription demo exists, subscription demo requires team/openshift-marketplace/stable/demo.v1.2.0, there can be only one provider of Demo (example.com/v1)",
      "OLM allows only one provider of Demo (example.com/v1)",
    ],
    [
      "error using catalogsource demo/@existing: lister caches incoherent for CSV demo/demo.v1.0.0",
      "could not read the installed versions in demo",
    ],
  ])("is reported with the likely cause of: %s", (message, text) => {
    const found = texts({ subscriptions: [subscription(conditionNamed("ResolutionFailed", `constraints not satisfiable: ${message}`))] });
    expect(found).toContain(text);
    expect(found).toContain(message);
  });

  const unreferenced = "clusterserviceversion demo.v1.0.0 exists and is not referenced by a subscription, subscription demo exists";
  const leftBeside = (...csvs: OperatorState["csvs"]) =>
    verdictFor(request, state({ subscriptions: [subscription(conditionNamed("ResolutionFailed", unreferenced))], csvs }));

  it("because of a ClusterServiceVersion that was left behind is reported with the command that deletes that version", () => {
    expect(leftBeside(csv("demo.v1.0.0", "Succeeded"))).toMatchObject({
      state: "stuck",
      text: expect.stringContaining("oc delete csv demo.v1.0.0 -n demo") as string,
    });
  });

  it("because of a version that is being replaced waits until this version is deleted, and then makes OLM resolve again", () => {
    expect(leftBeside(csv("demo.v1.0.0", "Replacing"))).toMatchObject({ state: "waiting" });
    expect(leftBeside(csv("demo.v1.0.0", "Deleting"))).toMatchObject({ state: "waiting" });
    const next = csv("demo.v1.1.0", "Pending");
    const replacing = { ...next, spec: { ...next.spec, replaces: "demo.v1.0.0" } };
    expect(leftBeside(csv("demo.v1.0.0", "Succeeded"), replacing)).toMatchObject({ state: "waiting" });
    expect(leftBeside(replacing)).toMatchObject({ state: "wake" });
  });
});
