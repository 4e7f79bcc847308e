/** The objects that are deleted with an operator, and the objects that stay. */
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import type { ClusterServiceVersion, OperatorState, Subscription } from "../../../../steps/operator/objects";
import { removeGroup, removeOperator } from "../../../../steps/operator-removal/remove";

const removal = { package: "demo", namespace: "demo", source: { name: "team", namespace: "openshift-marketplace" } };

const properties = (packageName: string) => JSON.stringify({ properties: [{ type: "olm.package", value: { packageName } }] });
const csv = (name: string, text = properties("demo"), more: object = {}): ClusterServiceVersion => ({
  metadata: { name, annotations: { "operatorframework.io/properties": text }, ...more },
  spec: {},
});
const subscription = (name: string, status: Subscription["status"] = {}, annotations = {}): Subscription => ({
  metadata: { name, annotations },
  spec: { name },
  status,
});

/** Runs a removal, and returns the names of the deleted objects and the messages. */
async function removed(found: Partial<OperatorState>, remove: "operator" | "group" = "operator") {
  const state = { groups: [], subscriptions: [], plans: [], csvs: [], copies: [], sources: [], ...found };
  const deleted: string[] = [];
  const said: string[] = [];
  const api = {
    state: () => Promise.resolve(state),
    deleteCsv: (_: string, name: string) => Promise.resolve(void deleted.push(name)),
    deleteGroup: () => Promise.resolve(void deleted.push("group")),
  };
  const say = (text: string) => said.push(text);
  await (remove === "group" ? removeGroup(api, { namespace: "demo" }, say) : removeOperator(api, removal, say));
  return { deleted, said: said.join("\n") };
}

describe("the versions of a removed operator", () => {
  it("are deleted, and the versions of other packages stay", async () => {
    const csvs = [csv("demo.v1.0.0"), csv("demo.v1.1.0"), csv("other.v1.0.0", properties("other"))];
    expect(await removed({ csvs })).toEqual({ deleted: ["demo.v1.0.0", "demo.v1.1.0"], said: "" });
  });

  it.each(["installedCSV", "currentCSV"])("stay if another Subscription has them as %s", async (field) => {
    const { deleted, said } = await removed({
      csvs: [csv("demo.v1.0.0"), csv("demo.v1.1.0")],
      subscriptions: [subscription("by-hand", { [field]: "demo.v1.1.0" })],
    });
    expect(deleted).toEqual(["demo.v1.0.0"]);
    expect(said).toContain("demo.v1.1.0 stays in demo: Subscription by-hand");
  });

  it("are deleted even if the API still lists the operator's Subscription", async () => {
    const subscriptions = [subscription("demo", { installedCSV: "demo.v1.0.0" })];
    expect((await removed({ csvs: [csv("demo.v1.0.0")], subscriptions })).deleted).toEqual(["demo.v1.0.0"]);
  });

  it.each([
    "{",
    "null",
    "[]",
    '"text"',
    '{"properties":{}}',
    '{"properties":[null]}',
    '{"properties":[{"type":"olm.package","value":null}]}',
  ])("are deleted even if another version has the properties %s", async (text) => {
    expect((await removed({ csvs: [csv("broken.v1.0.0", text), csv("demo.v1.0.0")] })).deleted).toEqual(["demo.v1.0.0"]);
  });

  it("are deleted without their dependencies, which are named in the output", async () => {
    const subscriptions = [subscription("needed-stable-team", {}, { "olm.generated-by": "install-a" }), subscription("other")];
    const { said } = await removed({ csvs: [csv("demo.v1.0.0")], subscriptions });
    expect(said).toContain("Dependencies stay in demo, and OLM updates them by itself: needed-stable-team.");
  });
});

describe("the OperatorGroup of a namespace", () => {
  it("is deleted with the last operator, also while a version of it is still being deleted", async () => {
    expect((await removed({}, "group")).deleted).toEqual(["group"]);
    const going = csv("demo.v1.0.0", properties("demo"), { deletionTimestamp: "2026-01-01T00:00:00Z" });
    expect((await removed({ csvs: [going] }, "group")).deleted).toEqual(["group"]);
  });

  it("stays while other operators use it, and the output names these", async () => {
    const found = { subscriptions: [subscription("by-hand")], csvs: [csv("other.v1.0.0")] };
    const { deleted, said } = await removed(found, "group");
    expect(deleted).toEqual([]);
    expect(said).toBe("OperatorGroup demo/demo stays, because others use it: Subscription by-hand, version other.v1.0.0.");
  });
});

test("without the Operator Lifecycle Manager nothing is deleted", async () => {
  const missing = () => Promise.reject(new RefusedByApi(404, "not found"));
  const unused = () => Promise.reject(new Error("deleted"));
  await expect(removeOperator({ state: missing, deleteCsv: unused }, removal)).resolves.toBeUndefined();
  await expect(removeGroup({ state: missing, deleteGroup: unused }, { namespace: "demo" })).resolves.toBeUndefined();
});
