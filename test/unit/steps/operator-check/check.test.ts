/** The check before an operator's objects are created for the first time. */
import type { ClusterClient } from "../../../../lib/kubernetes/client";
import { RefusedByApi } from "../../../../lib/kubernetes/client";
import { checkBeforeOperator } from "../../../../steps/operator-check/check";

const groups = "/apis/operators.coreos.com/v1/namespaces/demo/operatorgroups";
const extensions = "/apis/olm.operatorframework.io/v1/clusterextensions";
const subscriptions = "/apis/operators.coreos.com/v1alpha1/namespaces/demo/subscriptions";

/** A client whose cluster has these objects; any other path is an error. */
const clientOf = (objects: Readonly<Record<string, readonly object[]>>) => {
  const list = (path: string) => (path in objects ? Promise.resolve(objects[path]) : Promise.reject(new Error(`unexpected ${path}`)));
  return { list, listIfKnown: list } as Pick<ClusterClient, "list" | "listIfKnown">;
};
const subscription = (name: string, packageName: string, installedCSV?: string) => ({
  metadata: { name },
  spec: { name: packageName },
  status: { ...(installedCSV !== undefined && { installedCSV }) },
});
const group = (name: string, spec?: object) => ({ metadata: { name }, ...(spec && { spec }) });

describe("the check of an operator's package", () => {
  const check = (...found: object[]) =>
    checkBeforeOperator(clientOf({ [subscriptions]: found, [extensions]: [] }), { namespace: "demo", package: "demo" });

  it("reports a package that somebody has installed, with the commands that remove it", async () => {
    const { problem } = await check(subscription("by-hand", "demo", "demo.v1.0.0"));
    expect(problem).toContain("operator demo: the namespace demo has the Subscription by-hand, which this stack has not created");
    expect(problem?.split("\n").slice(1)).toEqual(["oc delete subscription by-hand -n demo", "oc delete csv demo.v1.0.0 -n demo"]);
  });

  it("reports a Subscription of the same name for another package", async () => {
    expect((await check(subscription("demo", "other"))).problem).toContain("oc delete subscription demo -n demo");
  });

  it("finds no problem if the namespace has only other operators", async () => {
    expect(await check(subscription("other", "other", "other.v1.0.0"))).toEqual({});
    expect(await check()).toEqual({});
  });
});

describe("the check of an operator's ClusterExtension", () => {
  const all = "/apis/operators.coreos.com/v1alpha1/subscriptions";
  const extension = (name: string, packageName: string, namespace = "demo") => ({
    metadata: { name },
    spec: { namespace, source: { catalog: { packageName } } },
  });
  const check = (found: readonly object[], subscribed: readonly object[] = [], namespace = "demo") =>
    checkBeforeOperator(clientOf({ [extensions]: found, [all]: subscribed }), { extension: "demo", namespace });

  it("reports a ClusterExtension of the package that somebody has created, and what its deletion deletes", async () => {
    const { problem } = await check([extension("by-hand", "demo")]);
    expect(problem).toContain("the cluster has the ClusterExtension by-hand, which this stack has not created");
    expect(problem).toMatch(
      /deletes the operator's CustomResourceDefinitions with all custom resources.*oc delete clusterextension by-hand$/,
    );
  });

  it("reports a namespace to which OLM cannot move the ClusterExtension", async () => {
    expect((await check([extension("demo", "demo")], [], "other")).problem).toContain(
      "its ClusterExtension is in the namespace demo, and OLM cannot move it to other. Set namespace to demo.",
    );
  });

  it("reports an operator that version 0 of OLM has installed in any namespace", async () => {
    const subscribed = { metadata: { name: "demo", namespace: "tools" }, spec: { name: "demo" } };
    expect((await check([], [subscribed])).problem).toContain("version 0 of OLM has installed it (Subscription demo in tools)");
  });

  it("finds no problem if the cluster has only other operators", async () => {
    const subscribed = { metadata: { name: "other", namespace: "tools" }, spec: { name: "other" } };
    expect(await check([extension("other", "other")], [subscribed])).toEqual({});
  });

  it("refuses a Subscription of a package that version 1 has installed, because its removal would delete the definitions", async () => {
    const client = clientOf({ [extensions]: [extension("demo", "demo")], [subscriptions]: [] });
    expect((await checkBeforeOperator(client, { package: "demo", namespace: "demo" })).problem).toMatch(
      /version 1 of OLM has installed it \(ClusterExtension demo\)\. .*This deletes all custom resources/,
    );
  });
});

describe("the check of an operator's OperatorGroup", () => {
  const check = (...found: object[]) =>
    checkBeforeOperator(clientOf({ [groups]: found }), { namespace: "demo", targetNamespaces: ["demo", "apps"] });

  it("reports an OperatorGroup with a generated name, because the namespace would have two", async () => {
    const { problem } = await check(group("demo-x7k2p", { targetNamespaces: ["demo", "apps"] }));
    expect(problem).toContain("has the OperatorGroup demo-x7k2p, which this stack has not created");
    expect(problem).toContain("oc delete operatorgroup demo-x7k2p -n demo");
  });

  it.each([
    ["other targets", { targetNamespaces: ["demo"] }],
    ["all namespaces as targets", {}],
    ["a selector", { targetNamespaces: ["demo", "apps"], selector: { matchLabels: { team: "a" } } }],
  ])("reports an OperatorGroup of the same name with %s", async (_, spec) => {
    expect((await check(group("demo", spec))).problem).toContain("has the OperatorGroup demo,");
  });

  it("accepts an OperatorGroup of the same name with the same targets, and tells the user", async () => {
    const { problem, notice } = await check(group("demo", { targetNamespaces: ["apps", "demo"] }));
    expect([problem, notice]).toEqual([undefined, expect.stringContaining("OperatorGroup demo/demo exists")]);
  });

  it("finds no problem in a namespace without an OperatorGroup", async () => {
    expect(await check()).toEqual({});
  });
});

test("the check finds no problem without the Operator Lifecycle Manager, but a 404 from a proxy is an error", async () => {
  const failing = (byItself: boolean) => ({
    list: () => Promise.reject(new RefusedByApi(404, "not found", byItself)),
    listIfKnown: () => Promise.resolve([]),
  });
  expect(await checkBeforeOperator(failing(true), { namespace: "demo", package: "demo" })).toEqual({});
  await expect(checkBeforeOperator(failing(false), { namespace: "demo", package: "demo" })).rejects.toThrow("not found");
});
