/** The Subscription and the OperatorGroup of an operator. */
import { operatorGroup, operatorSubscription } from "../../../../cluster-objects/operators/subscription";
import { schemaProblems } from "../../../../cluster-objects/schema/check";

const automatic = {
  package: "demo",
  namespace: "tools",
  source: { name: "team", namespace: "openshift-marketplace" },
  channel: "stable",
  targetNamespaces: [],
  env: {},
};
const entry = { ...automatic, startingCSV: "demo.v1.0.0" };
const placement = { nodeSelector: { "node-role.kubernetes.io/infra": "" }, tolerations: [{ key: "node-role.kubernetes.io/infra" }] };

test("a Subscription with a version has manual approval, and a Subscription without a version has automatic approval", () => {
  expect(operatorSubscription(entry).spec).toEqual({
    name: "demo",
    channel: "stable",
    source: "team",
    sourceNamespace: "openshift-marketplace",
    installPlanApproval: "Manual",
    startingCSV: "demo.v1.0.0",
  });
  expect(operatorSubscription(automatic).spec).toMatchObject({ installPlanApproval: "Automatic" });
  expect(operatorSubscription(automatic).spec).not.toHaveProperty("startingCSV");
});

test("a Subscription places the operator's pods and sets their variables", () => {
  const object = operatorSubscription({ ...entry, placement, env: { LOG_LEVEL: "debug" } });
  expect(object.spec).toMatchObject({
    config: {
      nodeSelector: { "node-role.kubernetes.io/infra": "" },
      tolerations: [{ key: "node-role.kubernetes.io/infra", operator: "Exists" }],
      env: [{ name: "LOG_LEVEL", value: "debug" }],
    },
  });
  expect(schemaProblems(object, { part: false })).toEqual([]);
});

test("an OperatorGroup without targets selects all namespaces", () => {
  expect(operatorGroup(entry).spec).toEqual({});
  expect(operatorGroup({ ...entry, targetNamespaces: ["tools"] }).spec).toEqual({ targetNamespaces: ["tools"] });
});
