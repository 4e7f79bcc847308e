/** The resources that the program declares for operators. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const demo = { name: "demo", namespace: "demo", source: "community-operators", channel: "stable", startingCSV: "demo.v1.0.0" };
const subscriptionType = "kubernetes:operators.coreos.com/v1alpha1:Subscription";

const groupType = "kubernetes:operators.coreos.com/v1:OperatorGroup";
const commandType = "command:local:Command";

const own = (program: Program) =>
  program.resources
    .filter(({ urn }) => /okd:cluster:Operator(Namespace)?\$/.test(urn))
    .map(({ name }) => name)
    .sort();
const ofDemo = (...parts: string[]) => parts.map((part) => `operator-demo-${part}`);
const ofNamespace = ["operator-namespace-demo", ...["check", "group", "removal"].map((part) => `operator-namespace-demo-${part}`)];

test("a stack without operators declares nothing for them", async () => {
  expect(own(await Program.run(devStack({})))).toEqual([]);
});

test("an operator gets a namespace and an OperatorGroup, and on delete its ClusterServiceVersion is removed after its Subscription", async () => {
  const program = await Program.run(devStack({ operators: [demo] }));
  expect(own(program)).toEqual([...ofDemo("check-demo", "ready", "removal", "subscription"), ...ofNamespace]);
  const one = (type: string, part: string) => program.one(type, `operator-${part}`);
  const subscription = one(subscriptionType, "demo-subscription");
  const removal = one(commandType, "demo-removal");
  const group = one(groupType, "namespace-demo-group");
  expect(program.isAfter(subscription, removal)).toBe(true);
  expect(program.isAfter(removal, group)).toBe(true);
  expect(program.isAfter(group, one(commandType, "namespace-demo-removal"))).toBe(true);
  expect(program.isAfter(one(commandType, "demo-ready"), subscription)).toBe(true);
  expect(JSON.parse(removal.inputs.delete as string)).toMatchObject({ package: "demo", namespace: "demo" });
  expect(removal.inputs).not.toHaveProperty("create");
});

test("the namespace and the OperatorGroup are created only after the checks that nobody else has created the operator's objects", async () => {
  const program = await Program.run(devStack({ operators: [demo] }));
  const check = (name: string) => program.one(commandType, name);
  const group = program.one(groupType);
  const requests = ["operator-demo-check-demo", "operator-namespace-demo-check"].map((name) => {
    expect(program.isAfter(group, check(name))).toBe(true);
    expect(program.isAfter(program.one("kubernetes:core/v1:Namespace", "operator-namespace-demo"), check(name))).toBe(true);
    return JSON.parse(check(name).inputs.create as string) as object;
  });
  expect(requests).toEqual([
    { package: "demo", namespace: "demo" },
    { namespace: "demo", targetNamespaces: [] },
  ]);
});

test("an operator that moves to another namespace is removed from the old namespace before its Subscription in the new one is created", async () => {
  const program = await Program.run(devStack({ operators: [demo] }));
  expect(program.one(commandType, "operator-demo-removal").inputs.triggers).toEqual(["demo"]);
});

test("operators in one namespace share the namespace and the OperatorGroup, so that an operator can replace another one", async () => {
  const other = { ...demo, name: "other", startingCSV: "other.v1.0.0" };
  const program = await Program.run(devStack({ operators: [demo, other] }));
  expect(own(program).filter((name) => name.startsWith("operator-namespace"))).toEqual(ofNamespace);
  expect(program.isAfter(program.one(subscriptionType, "operator-other-subscription"), program.one(groupType))).toBe(true);
  expect(own(await Program.run(devStack({ operators: [other] })))).toEqual(expect.arrayContaining(ofNamespace));
});

test("operators in openshift-operators use the namespace and the OperatorGroup that exist there", async () => {
  const program = await Program.run(devStack({ operators: [{ ...demo, namespace: "openshift-operators" }] }));
  expect(own(program)).toEqual(ofDemo("check-openshift-operators", "ready", "removal", "subscription"));
});

test("an operator moves to the infra nodes after these nodes have their label and taint", async () => {
  const program = await Program.run(devStack({ infraCount: 2, routerShards: [], operators: [{ ...demo, onInfraNodes: true }] }));
  const subscription = program.one(subscriptionType, "operator-demo-subscription");
  expect(subscription.inputs.spec).toMatchObject({ config: { nodeSelector: { "node-role.kubernetes.io/infra": "" } } });
  const roles = program.all("command:local:Command").filter(({ name }) => /^infra-nodes-\d/.test(name));
  expect(roles.map((role) => program.isAfter(subscription, role))).toEqual([true, true]);
});
