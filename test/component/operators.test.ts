/** The resources that the program declares for operators. program.ts lists the facts that this kind of test cannot prove. */
import { devStack } from "./configurations";
import { Program } from "./program";

const demo = { name: "demo", namespace: "demo", source: "community-operators", channel: "stable", startingCSV: "demo.v1.0.0" };
const subscriptionType = "kubernetes:operators.coreos.com/v1alpha1:Subscription";

const own = (program: Program) =>
  program.resources
    .filter(({ urn }) => urn.includes("okd:cluster:Operator$"))
    .map(({ name }) => name)
    .sort();

test("a stack without operators declares nothing for them", async () => {
  expect(own(await Program.run(devStack({})))).toEqual([]);
});

test("an operator gets its namespace and its group, and its version is removed after its Subscription", async () => {
  const program = await Program.run(devStack({ operators: [demo] }));
  expect(own(program)).toEqual(["group", "namespace", "ready", "removal", "subscription"].map((part) => `operator-demo-${part}`));
  const one = (type: string, part: string) => program.one(type, `operator-demo-${part}`);
  const subscription = one(subscriptionType, "subscription");
  const removal = one("command:local:Command", "removal");
  expect(program.isAfter(subscription, removal)).toBe(true);
  expect(program.isAfter(removal, one("kubernetes:operators.coreos.com/v1:OperatorGroup", "group"))).toBe(true);
  expect(program.isAfter(one("command:local:Command", "ready"), subscription)).toBe(true);
  expect(JSON.parse(removal.inputs.delete as string)).toMatchObject({ package: "demo", namespace: "demo" });
  expect(removal.inputs).not.toHaveProperty("create");
});

test("operators in openshift-operators use its namespace and its group", async () => {
  const program = await Program.run(devStack({ operators: [{ ...demo, namespace: "openshift-operators" }] }));
  expect(own(program)).toEqual(["ready", "removal", "subscription"].map((part) => `operator-demo-${part}`));
});

test("an operator moves to the infra nodes after they have their role", async () => {
  const program = await Program.run(devStack({ infraCount: 2, routerShards: [], operators: [{ ...demo, onInfraNodes: true }] }));
  const subscription = program.one(subscriptionType, "operator-demo-subscription");
  expect(subscription.inputs.spec).toMatchObject({ config: { nodeSelector: { "node-role.kubernetes.io/infra": "" } } });
  const roles = program.all("command:local:Command").filter(({ name }) => /^infra-nodes-\d/.test(name));
  expect(roles.map((role) => program.isAfter(subscription, role))).toEqual([true, true]);
});
