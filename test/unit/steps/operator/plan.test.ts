/** The decisions of the wait for an operator about an InstallPlan. */
import type { OperatorState } from "../../../../steps/operator/objects";
import { automatic, csv, fresh, later, offered, plan, request, state, subscription, verdictFor } from "./states";

describe("an InstallPlan", () => {
  const decided = (more: Partial<OperatorState>, wanted = request, run = fresh) => verdictFor(wanted, state(more), run);
  const dependencyOf = (...names: string[]) => names.map((resolving) => ({ resolving, resource: { kind: "Subscription" } }));

  it("for the wanted version is approved", () => {
    expect(decided({ subscriptions: [offered("demo.v1.2.0")], plans: [plan(["demo.v1.2.0"])] })).toMatchObject({
      state: "approve",
      plan: "install-a",
    });
  });

  it("for a version between the installed and the wanted version is approved when the installed version runs", () => {
    const more = { subscriptions: [offered("demo.v1.1.0", "demo.v1.0.0")], plans: [plan(["demo.v1.1.0"])] };
    expect(decided({ ...more, csvs: [csv("demo.v1.0.0", "Succeeded")] })).toMatchObject({ state: "approve" });
    expect(decided({ ...more, csvs: [csv("demo.v1.0.0", "Installing")] })).toMatchObject({ state: "waiting" });
  });

  it.each(["demo.v1.3.0", "demo.v1.2.1", "demo.v2.0.0-rc.1", "demo-nightly"])(
    "for %s, which is newer than the wanted version, is never approved",
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
    const plans = [plan(names, { plan: dependencyOf("dependency.v3.0.0") })];
    expect(decided({ subscriptions: [offered("demo.v1.2.0"), ...others], plans })).toMatchObject({ state: "approve" });
  });

  it("with a version that belongs to no Subscription is not approved; if it existed before this run, it is deleted, so that OLM makes another", () => {
    const more = { subscriptions: [offered("demo.v1.2.0")], plans: [plan(["demo.v1.2.0", "removed.v1.1.0"])] };
    const text = expect.stringContaining("removed.v1.1.0, which belongs to no Subscription") as string;
    expect(decided(more)).toMatchObject({ state: "stuck", text });
    expect(decided(more, request, later)).toMatchObject({ state: "discard", text });
  });

  it("that existed before this run is approved for the wanted version, and deleted for any other version, so that OLM makes another", () => {
    const offer = (name: string) => ({
      subscriptions: [offered(name, "demo.v1.0.0")],
      plans: [plan([name])],
      csvs: [csv("demo.v1.0.0", "Succeeded")],
    });
    expect(decided(offer("demo.v1.2.0"), request, later)).toMatchObject({ state: "approve" });
    for (const name of ["demo.v1.1.0", "demo.v1.3.0"])
      expect(decided(offer(name), request, later)).toMatchObject({ state: "discard", plan: { metadata: { name: "install-a" } } });
  });

  it("that was made from another catalog is deleted, so that OLM makes another", () => {
    const resource = { kind: "ClusterServiceVersion", sourceName: "old", sourceNamespace: "openshift-marketplace" };
    const plans = [plan(["demo.v1.2.0"], { plan: [{ resolving: "demo.v1.2.0", resource }] })];
    expect(decided({ subscriptions: [offered("demo.v1.2.0")], plans }, request, later)).toMatchObject({ state: "discard" });
  });

  it("with a version that another operator's Subscription waits for is not deleted", () => {
    const other = subscription({ currentCSV: "other.v1.2.0" }, "other");
    const more = {
      subscriptions: [offered("demo.v1.1.0", "demo.v1.0.0"), other],
      plans: [plan(["demo.v1.1.0", "other.v1.2.0"])],
      csvs: [csv("demo.v1.0.0", "Succeeded")],
    };
    expect(decided(more, request, later)).toMatchObject({ state: "approve" });
  });

  it("for a rebuild of a version counts as newer than this version", () => {
    const rebuilt = "demo.v1.2.0-0.1747215995.p";
    expect(decided({ subscriptions: [offered(rebuilt)], plans: [plan([rebuilt])] })).toMatchObject({ state: "stuck", patience: 0 });
    const wanted = { ...request, startingCSV: rebuilt };
    expect(decided({ subscriptions: [offered("demo.v1.2.0")], plans: [plan(["demo.v1.2.0"])] }, wanted)).toMatchObject({
      state: "approve",
    });
  });

  it("is compared with startingCSV by the catalog's versions, not by the names of the ClusterServiceVersions, and is not approved if its version may be newer", () => {
    const wanted = { ...request, startingCSV: "demo.v1.2.0" };
    const more = { subscriptions: [offered("demo.v1.2.0-beta")], plans: [plan(["demo.v1.2.0-beta"])] };
    expect(decided(more, wanted)).toMatchObject({ state: "stuck" });
    const said = (version: string) => ({
      ...fresh,
      versions: new Map([
        ["demo.v1.2.0-beta", version],
        ["demo.v1.2.0", "1.2.0"],
      ]),
    });
    expect(decided(more, wanted, said("1.2.0-beta"))).toMatchObject({ state: "approve" });
    expect(decided(more, wanted, said("1.2.0+beta"))).toMatchObject({ state: "stuck" });
  });

  it("is not approved if it contains another operator's version that nobody has approved", () => {
    const other = subscription({ currentCSV: "other.v1.3.0" }, "other");
    const more = { subscriptions: [offered("demo.v1.2.0"), other], plans: [plan(["demo.v1.2.0", "other.v1.3.0"])] };
    expect(decided(more)).toMatchObject({ state: "stuck", text: expect.stringContaining("other.v1.3.0 (Subscription other)") as string });
  });

  it("that needs approval although the operator's approval is Automatic is not approved, and the reason is reported", () => {
    const more = { subscriptions: [offered("demo.v1.2.0")], plans: [plan(["demo.v1.2.0"])] };
    expect(decided(more, automatic)).toMatchObject({ state: "stuck", text: expect.stringContaining("has manual approval") as string });
  });

  it("that still needs approval although no Subscription has manual approval is deleted, so that OLM makes another", () => {
    const free = { ...offered("demo.v1.2.0"), spec: { name: "demo", installPlanApproval: "Automatic" } };
    expect(decided({ subscriptions: [free], plans: [plan(["demo.v1.2.0"])] }, automatic)).toMatchObject({ state: "discard" });
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
