/** In which order an update of an installed cluster gives masters another type. What such a test does not prove is said in program.ts. */
import * as pulumi from "@pulumi/pulumi";
import { OneByOne } from "../../operations/nodes/one-by-one";
import { devStack } from "./configurations";
import { infraId } from "./installer-answers";
import { type Found, Program, say } from "./program";

const numbers = [0, 1, 2];
const markers = (...names: readonly string[]): Found => ({
  "aws:ssm/getParametersByPath:getParametersByPath": () => ({ names: names.map((marker) => `/okd/${infraId}/${marker}`) }),
});
const installed = markers("bootstrap-retired", "installed");

/** An account whose masters are of that type. */
const mastersOf = (type: string): Found => ({
  "aws:ec2/getInstances:getInstances": ({ filters }) => {
    const wanted = (filters as readonly { name: string; values: readonly string[] }[] | undefined)?.find(
      ({ name }) => name === "instance-type",
    );
    return { ids: wanted === undefined || wanted.values.includes(type) ? numbers.map((number) => `i-${number}`) : [] };
  },
  "aws:ec2/getInstance:getInstance": ({ instanceId }) => {
    const number = String(instanceId).slice(2);
    return { tags: { Name: `${infraId}-master-${number}` }, privateDns: `node-${number}`, instanceType: type };
  },
});

const events: string[] = [];
const before = jest.spyOn(OneByOne.prototype, "before");
const after = jest.spyOn(OneByOne.prototype, "after");

beforeEach(() => {
  events.length = 0;
  before.mockImplementation(({ machine, node }) => {
    events.push(`before ${machine}`);
    return Promise.resolve(`boot of ${node}`);
  });
  after.mockImplementation(({ machine }, boot) => {
    events.push(`after ${machine}, ${boot ?? "unknown"}`);
    return Promise.resolve();
  });
});

const types = ({ resources }: Program) =>
  resources
    .filter(({ type, name }) => type === "aws:ec2/instance:Instance" && name.startsWith("masters-"))
    .map((each) => say(each, "instanceType"));

test("each master learns its type when the one before is a member again", async () => {
  const program = await Program.run(devStack({ masterInstanceType: "m6i.2xlarge" }), { ...installed, ...mastersOf("m6i.xlarge") });
  expect(types(program)).toEqual(numbers.map(() => "m6i.2xlarge"));
  expect(events).toEqual(numbers.flatMap((number) => [`before master-${number}`, `after master-${number}, boot of node-${number}`]));
});

test.each([
  ["masters that have their type already", { ...installed, ...mastersOf("m6i.2xlarge") }],
  ["a cluster that isn't installed yet", { ...markers(), ...mastersOf("m6i.xlarge") }],
])("nothing is waited for with %s", async (_, found) => {
  const program = await Program.run(devStack({ masterInstanceType: "m6i.2xlarge" }), found);
  expect(types(program)).toEqual(numbers.map(() => "m6i.2xlarge"));
  expect(events).toEqual([]);
});

test.each([
  ["isn't a member again", after, ["before master-0"], ["m6i.2xlarge", "m6i.xlarge", "m6i.xlarge"]],
  ["must not be stopped", before, [], ["m6i.xlarge", "m6i.xlarge", "m6i.xlarge"]],
] as const)("after one that %s the others keep their type, and the update fails and says why", async (_, wait, happened, left) => {
  const said = jest.spyOn(pulumi.log, "error").mockResolvedValue().mockClear();
  wait.mockRejectedValueOnce(new Error("node-0 is not ready"));
  const program = await Program.run(devStack({ masterInstanceType: "m6i.2xlarge" }), { ...installed, ...mastersOf("m6i.xlarge") });
  expect(types(program)).toEqual(left);
  expect(events).toEqual(happened);
  expect(said.mock.calls).toEqual([["node-0 is not ready"]]);
});
