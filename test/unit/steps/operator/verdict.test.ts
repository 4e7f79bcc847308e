/** What the program does about an operator, decided from the objects in the cluster. */
import type { InstallPlan, OperatorRequest, OperatorState, Subscription } from "../../../../steps/operator/objects";
import { verdictOn } from "../../../../steps/operator/verdict";

const automatic: OperatorRequest = {
  package: "demo",
  namespace: "demo",
  source: { name: "team", namespace: "openshift-marketplace" },
  channel: "stable",
};
const request: OperatorRequest = { ...automatic, startingCSV: "demo.v1.2.0" };

const subscription = (status: Subscription["status"], name = "demo", spec: Partial<Subscription["spec"]> = {}): Subscription => ({
  metadata: { name },
  spec: { name, installPlanApproval: "Manual", startingCSV: `${name}.v1.2.0`, ...spec },
  ...(status && { status }),
});
const plan = (names: readonly string[], more: Partial<InstallPlan["status"]> & { approved?: boolean } = {}): InstallPlan => {
  const { approved = false, ...status } = more;
  return {
    metadata: { name: "install-a" },
    spec: { approved, clusterServiceVersionNames: names },
    status: { phase: "RequiresApproval", ...status },
  };
};
const csv = (name: string, phase: string, reason = "", message = "") => ({
  metadata: { name },
  spec: { version: /v(\d.*)/.exec(name)?.[1] ?? "" },
  status: { phase, reason, message },
});
const ready = { status: { connectionState: { lastObservedState: "READY" } } };

const state = (more: Partial<OperatorState>): OperatorState => ({
  groups: [{ metadata: { name: "demo" }, spec: { targetNamespaces: ["demo"] } }],
  subscriptions: [subscription(undefined)],
  plans: [],
  csvs: [],
  sources: [{ metadata: { name: "team" }, ...ready }],
  ...more,
});
const offered = (name: string, installedCSV?: string) =>
  subscription({ state: "UpgradePending", currentCSV: name, ...(installedCSV && { installedCSV }), installPlanRef: { name: "install-a" } });
const condition = (type: string, message: string) => ({
  conditions: [{ type, status: "True", reason: "ConstraintsNotSatisfiable", message }],
});

describe("an InstallPlan", () => {
  const decided = (more: Partial<OperatorState>, wanted = request) => verdictOn(wanted, state(more));

  it("for the wanted version is approved", () => {
    expect(decided({ subscriptions: [offered("demo.v1.2.0")], plans: [plan(["demo.v1.2.0"])] })).toMatchObject({
      state: "approve",
      plan: "install-a",
    });
  });

  it("for a version on the way to the wanted one is approved once the installed one runs", () => {
    const more = { subscriptions: [offered("demo.v1.1.0", "demo.v1.0.0")], plans: [plan(["demo.v1.1.0"])] };
    expect(decided({ ...more, csvs: [csv("demo.v1.0.0", "Succeeded")] })).toMatchObject({ state: "approve" });
    expect(decided({ ...more, csvs: [csv("demo.v1.0.0", "Installing")] })).toMatchObject({ state: "waiting" });
  });

  it.each(["demo.v1.3.0", "demo.v1.2.1", "demo.v2.0.0-rc.1", "demo-nightly"])(
    "for %s, beyond the wanted version, is never approved",
    (name) => {
      const more = { subscriptions: [offered(name, "demo.v1.0.0")], plans: [plan([name])], csvs: [csv("demo.v1.0.0", "Succeeded")] };
      expect(decided(more)).toMatchObject({
        state: "stuck",
        patience: 0,
        text: expect.stringContaining(`offers ${name} from demo.v1.0.0`) as string,
      });
    },
  );

  it("is approved with a dependency, and with another operator's version that its owner accepts", () => {
    const others = [
      subscription({ currentCSV: "other.v1.1.0" }, "other"),
      subscription({ currentCSV: "free.v7.0.0" }, "free", { installPlanApproval: "Automatic" }),
    ];
    const names = ["demo.v1.2.0", "dependency.v3.0.0", "other.v1.1.0", "free.v7.0.0"];
    expect(decided({ subscriptions: [offered("demo.v1.2.0"), ...others], plans: [plan(names)] })).toMatchObject({ state: "approve" });
  });

  it("is not approved if it contains another operator's version that nobody has approved", () => {
    const other = subscription({ currentCSV: "other.v1.3.0" }, "other");
    const more = { subscriptions: [offered("demo.v1.2.0"), other], plans: [plan(["demo.v1.2.0", "other.v1.3.0"])] };
    expect(decided(more)).toMatchObject({ state: "stuck", text: expect.stringContaining("other.v1.3.0 (Subscription other)") as string });
  });

  it("of an operator with approval Automatic is not approved, and the reason is named", () => {
    const more = { subscriptions: [offered("demo.v1.2.0")], plans: [plan(["demo.v1.2.0"])] };
    expect(decided(more, automatic)).toMatchObject({ state: "stuck", text: expect.stringContaining("has manual approval") as string });
  });

  it("that fails, or that may not create its objects, is a problem", () => {
    const subscriptions = [offered("demo.v1.2.0")];
    expect(decided({ subscriptions, plans: [plan([], { phase: "Failed", message: "no" })] })).toMatchObject({
      state: "stuck",
      patience: 0,
    });
    const message = 'retrying execution due to error: serviceaccounts "demo" is forbidden';
    expect(decided({ subscriptions, plans: [plan([], { phase: "Installing", approved: true, message })] })).toMatchObject({
      state: "stuck",
      text: expect.stringContaining("is forbidden") as string,
    });
    expect(decided({ subscriptions, plans: [plan([], { phase: "Installing", approved: true })] })).toMatchObject({ state: "waiting" });
  });
});

describe("the installed version", () => {
  const with_ = (name: string, phase: string, more: Partial<Subscription["status"]> = {}, reason = "", message = "") =>
    verdictOn(
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

  it("that the channel does not update is a problem", () => {
    expect(with_("demo.v1.1.0", "Succeeded")).toMatchObject({
      state: "stuck",
      text: expect.stringContaining("has no update from demo.v1.1.0 to demo.v1.2.0") as string,
    });
  });

  it("that somebody has deleted is a problem", () => {
    const deleted = subscription({ state: "UpgradePending", currentCSV: "demo.v1.2.0", installPlanRef: { name: "install-a" } });
    const more = { subscriptions: [deleted], plans: [plan(["demo.v1.2.0"], { phase: "Complete", approved: true })] };
    expect(verdictOn(request, state(more))).toMatchObject({ state: "stuck", text: expect.stringContaining("was deleted") as string });
  });

  it("that lacks permissions says which", () => {
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
    expect(verdictOn(request, state({ subscriptions, csvs }))).toMatchObject({
      text: expect.stringContaining(
        'ServiceAccount demo (Policy rule not satisfied for service account; cluster rule:{"verbs":["list"]})',
      ) as string,
    });
  });
});

describe("a Subscription that gets no version", () => {
  const texts = (more: Partial<OperatorState>) => verdictOn(request, state(more)).text;

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
      { subscriptions: [subscription(condition("BundleUnpackFailed", "DeadlineExceeded"))] },
      "could not unpack the operator's bundle: DeadlineExceeded",
    ],
    ["nothing yet", {}, "waits until OLM has found the version in the catalog"],
  ] satisfies [string, Partial<OperatorState>, string][])("has %s", (_, more, text) => {
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
      "clusterserviceversion demo.v1.0.0 exists and is not referenced by a subscription, subscription demo exists",
      "oc delete csv demo.v1.0.0 -n demo",
    ],
  ])("has the likely cause in: %s", (message, text) => {
    const found = texts({ subscriptions: [subscription(condition("ResolutionFailed", `constraints not satisfiable: ${message}`))] });
    expect(found).toContain(text);
    expect(found).toContain(message);
  });
});
