/**
 * The order in which an update of an installed cluster changes the type of control plane instances. program.ts lists the facts that this kind of test cannot
 * prove.
 */
import { OneByOne } from "../../steps/nodes/control-plane-gate";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type AwsAnswers, Program, say } from "./program";

const numbers = [0, 1, 2];
const milestones = (...names: readonly string[]): AwsAnswers => ({
  "aws:ssm/getParametersByPath:getParametersByPath": () => ({ names: names.map((milestone) => `/okd/${infraId}/${milestone}`) }),
});
const installed = milestones("bootstrap-destroyed", "installed");
const old = "2026-01-01T00:00:00Z";
const now = "2026-02-02T00:00:00Z";

/** An account whose control plane instances have this type. The instances in `restarted` have a later launch time at the second lookup. */
function mastersOf(type: string, restarted: readonly number[] = numbers): AwsAnswers {
  const looked = new Set<number>();
  return {
    "aws:ec2/getInstances:getInstances": () => ({ ids: numbers.map((number) => `masters-${number}-id`) }),
    "aws:ec2/getInstance:getInstance": ({ instanceId }) => {
      const number = Number(/\d/.exec(String(instanceId))?.[0]);
      const launchTime = looked.has(number) && restarted.includes(number) ? now : old;
      looked.add(number);
      const tags = { Name: `${infraId}-master-${number}` };
      return { id: instanceId, tags, privateDns: `node-${number}`, instanceType: type, launchTime };
    },
  };
}

const events: string[] = [];
const before = jest.spyOn(OneByOne.prototype, "before");
const after = jest.spyOn(OneByOne.prototype, "after");

beforeEach(() => {
  events.length = 0;
  before.mockImplementation(({ name }) => {
    events.push(`before ${name}`);
    return Promise.resolve();
  });
  after.mockImplementation(({ name, identity: { node } }, at) => {
    events.push(`after ${name} on ${node}, started ${at.toISOString().slice(0, 10)}`);
    return Promise.resolve();
  });
});

const wanted = devStack({ masterInstanceType: "m6i.2xlarge" });
const types = ({ resources }: Program) =>
  resources
    .filter(({ type, name }) => type === "aws:ec2/instance:Instance" && name.startsWith("masters-"))
    .map((each) => say(each, "instanceType"));
const ended = (number: number) => `after master-${number} on node-${number}, started 2026-02-02`;

test("the update resizes a control plane instance only after the previous one is an etcd member again", async () => {
  const program = await Program.run(wanted, { ...installed, ...mastersOf("m6i.xlarge") });
  expect(types(program)).toEqual(numbers.map(() => "m6i.2xlarge"));
  expect(events).toEqual(numbers.flatMap((number) => [`before master-${number}`, ended(number)]));
});

test("the update waits for an instance that the provider has stopped and started, even if the instance already has the right type", async () => {
  await Program.run(wanted, { ...installed, ...mastersOf("m6i.2xlarge", [0, 1]) });
  expect(events).toEqual([ended(0), ended(1)]);
});

test("the update does not wait for an instance to become an etcd member again if it has not restarted the instance", async () => {
  // The instances 0 and 2 keep their launch time, for example because --target or --exclude leaves them out.
  await Program.run(wanted, { ...installed, ...mastersOf("m6i.xlarge", [1]) });
  expect(events).toEqual(["before master-0", "before master-1", ended(1), "before master-2"]);
});

test.each([
  ["control plane instances that already have their type", { ...installed, ...mastersOf("m6i.2xlarge", []) }],
  ["a cluster that is not installed yet", { ...milestones(), ...mastersOf("m6i.xlarge") }],
])("the update waits for nothing with %s", async (_, found) => {
  const program = await Program.run(wanted, found);
  expect(types(program)).toEqual(numbers.map(() => "m6i.2xlarge"));
  expect(events).toEqual([]);
});

test.each([
  ["does not become an etcd member again", after, ["before master-0"], ["m6i.2xlarge", "m6i.xlarge", "m6i.xlarge"]],
  ["must not be stopped", before, [], ["m6i.xlarge", "m6i.xlarge", "m6i.xlarge"]],
] as const)(
  "after an instance that %s, the next instances keep their type, and the program fails with the reason",
  async (_, wait, happened, left) => {
    wait.mockRejectedValueOnce(new Error("node-0 is not ready"));
    const refused = await Program.refusal(wanted, { ...installed, ...mastersOf("m6i.xlarge") });
    expect(refused.message).toBe("node-0 is not ready");
    expect(types(refused.program)).toEqual(left);
    expect(events).toEqual(happened);
    // The program still declared all other resources.
    expect(refused.program.all("aws:ec2/instance:Instance").filter(({ name }) => name.startsWith("workers-"))).toHaveLength(3);
  },
);
