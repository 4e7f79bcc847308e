/** The resources that the program declares for operators of version 1 of OLM. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const permissions = [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] }];
const demo = { name: "demo", generation: 1, namespace: "demo", source: "team", channel: "stable", version: "1.0.0", permissions };

const commandType = "command:local:Command";
const extensionType = "kubernetes:olm.operatorframework.io/v1:ClusterExtension";
const bindingType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";

const run = () => Program.run(devStack({ operators: [demo] }));

test("an operator of version 1 of OLM gets a namespace, an account and a ClusterExtension, but no Subscription and no OperatorGroup", async () => {
  const { resources } = await run();
  const own = resources.filter(({ urn }) => urn.includes("okd:cluster:OperatorExtension$")).map(({ name }) => name);
  const parts = ["account", "check-demo", "extension", "namespace", "ready", "role", "role-binding"];
  expect(own.sort()).toEqual(parts.map((part) => `operator-demo-${part}`));
  expect(resources.filter(({ urn }) => /okd:cluster:Operator(Namespace)?\$/.test(urn))).toEqual([]);
});

test("the ClusterExtension is created after the account and its rights, and so deleted before them", async () => {
  const program = await run();
  const extension = program.one(extensionType, "operator-demo-extension");
  const others = [
    program.one("kubernetes:core/v1:ServiceAccount", "operator-demo-account"),
    program.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "operator-demo-role"),
    program.one(bindingType, "operator-demo-role-binding"),
    program.one("kubernetes:core/v1:Namespace", "operator-demo-namespace"),
    program.one(commandType, "operator-demo-check-demo"),
  ];
  expect(others.map((other) => program.isAfter(extension, other))).toEqual(others.map(() => true));
  expect(program.isAfter(program.one(commandType, "operator-demo-ready"), extension)).toBe(true);
});

test("no object of an operator is created before the check that nobody else has installed the operator", async () => {
  const program = await run();
  const check = program.one(commandType, "operator-demo-check-demo");
  expect(JSON.parse(check.inputs.create as string)).toEqual({ extension: "demo", namespace: "demo" });
  const objects = program.resources.filter(
    ({ urn, type }) => urn.includes("okd:cluster:OperatorExtension$") && type.startsWith("kubernetes:"),
  );
  expect(objects).toHaveLength(5);
  expect(objects.map((object) => program.isAfter(object, check))).toEqual(objects.map(() => true));
});

test("changed permissions make the program wait again", async () => {
  const request = async (rules: object[]) => {
    const program = await Program.run(devStack({ operators: [{ ...demo, permissions: rules }] }));
    return JSON.parse(program.one(commandType, "operator-demo-ready").inputs.create as string) as object;
  };
  const before = await request(permissions);
  expect(before).toMatchObject({ package: "demo", namespace: "demo", catalog: "team", channel: "stable", version: "1.0.0" });
  expect(await request([...permissions, { ...permissions[0], verbs: ["get"] }])).not.toEqual(before);
});
