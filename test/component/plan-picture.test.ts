/** The picture that a plan's comment on a pull request contains: the stack after the plan, drawn from the resources that the program declares. */
import { devResources } from "./stacks";
import type { Resource } from "../../lib/pulumi/resource";
import type { Preview, EngineStep } from "../../lib/pulumi/change";
import { formatPreview } from "../../tools/plan/format";
import { MAX_COMMENT_CHARACTERS } from "../../tools/plan/show";

const SECRET = "not to be told";
/** Inputs of an instance whose change a preview lists. */
const changed = ["ami", "instanceType", "rootBlockDevice.volumeSize", "userData", "vpcSecurityGroupIds"];

let standing: Resource[];
beforeAll(async () => {
  standing = await devResources();
});

const isWorker = ({ urn }: Resource) => /::workers-\d+$/.test(urn);

/** The stack with another number of workers, spread over its subnets. */
function withWorkers(count: number): Resource[] {
  const some = standing.filter(isWorker);
  const all = Array.from({ length: count }, (_, index): Resource => {
    const { urn, ...worker } = some[index % some.length];
    return { ...worker, urn: urn.replace(/workers-\d+$/, `workers-${index}`), id: `workers-${index}-id` };
  });
  return [...standing.filter((one) => !isWorker(one)), ...all];
}

/** A preview of a stack with another number of workers, all of another type. */
function scaled(count: number, before = standing): Preview {
  const known = new Map(before.map((resource) => [resource.urn, resource]));
  const steps = withWorkers(count)
    .filter(isWorker)
    .map(({ urn, type, inputs, outputs, propertyDependencies }): EngineStep => {
      const oldState = known.get(urn);
      const wanted = { ...inputs, instanceType: "m6i.2xlarge", userData: "[secret]" };
      const newState = { urn, type, custom: true, inputs: wanted, propertyDependencies };
      if (oldState === undefined) return { op: "create", urn, newState };
      return { op: "update", urn, oldState: { ...oldState, custom: true }, newState: { ...newState, outputs }, diffReasons: changed };
    });
  return { config: { "aws:region": "us-east-1" }, steps };
}

/** The Mermaid pictures in the folded part of a comment. */
function pictures(text: string): string[] {
  const block = /\n\n<details><summary>The stack's topology<\/summary>\n\n```mermaid\n(flowchart TB\n[^`]*\n)```\n\n<\/details>\n/g;
  return [...text.matchAll(block)].map(([, picture]) => picture);
}

test("a comment has one picture of the stack after the plan, between the risks and the changes", () => {
  const text = formatPreview(scaled(4), { output: "markdown", state: standing });
  const [picture, ...others] = pictures(text);
  expect(others).toEqual([]);
  expect(text.match(/```mermaid|<details>|<\/details>/g)).toHaveLength(3);
  expect(picture.match(/[^"]*workers[^"]*/g)).toEqual(["2 × workers (m6i.2xlarge)", "workers (m6i.2xlarge)", "workers (m6i.2xlarge)"]);
  expect(picture).toContain("masters");
  expect(text.indexOf("Cost: ")).toBeLessThan(text.indexOf("<details>"));
  expect(text.indexOf("</details>")).toBeLessThan(text.indexOf("#### "));
});

test("the picture shows the current stack if nothing changes", () => {
  const text = formatPreview({ config: {}, steps: [] }, { output: "markdown", state: standing });
  expect(text).toMatch(/^\*\*Nothing changes\.\*\*\n\n/);
  expect(pictures(text)).toHaveLength(1);
  expect(text.endsWith("</details>\n")).toBe(true);
});

test("the picture needs no state for a new stack or for a preview that lists the unchanged resources", () => {
  const all = (op: string): EngineStep[] =>
    standing.map((state) => ({ op, urn: state.urn, newState: { ...state, custom: true }, ...(op === "same" && { oldState: state }) }));
  const stack = "urn:pulumi:dev::okd-aws::pulumi:pulumi:Stack::okd-aws-dev";
  const made: EngineStep = { op: "create", urn: stack, newState: { type: "pulumi:pulumi:Stack", urn: stack, custom: false } };
  const [expected] = pictures(formatPreview({ steps: [] }, { output: "markdown", state: standing }));
  expect(pictures(formatPreview({ steps: [made, ...all("create")] }, { output: "markdown" }))).toEqual([expected]);
  expect(pictures(formatPreview({ steps: all("same") }, { output: "markdown" }))).toEqual([expected]);
});

test("a plan of a part of the stack, a plan that cannot be applied, a plan of an empty stack, and other output formats have no picture", () => {
  const preview = scaled(5);
  const broken = { ...preview, diagnostics: [{ severity: "error", message: "no such zone" }] };
  const nothing = standing.map(({ urn, ...oldState }): EngineStep => ({ op: "delete", urn, oldState: { urn, ...oldState, custom: true } }));
  const texts = [
    formatPreview(preview, { output: "markdown" }),
    formatPreview(broken, { output: "markdown", state: standing }),
    formatPreview({ steps: nothing }, { output: "markdown", state: standing }),
    formatPreview(preview, { output: "terminal", state: standing }),
    formatPreview(preview, { output: "json", state: standing }),
  ];
  for (const text of texts) expect(text).not.toMatch(/mermaid|flowchart|<details>/);
});

test("a comment about 500 workers keeps the summary and the picture whole, and cuts the list of changes", () => {
  const large = withWorkers(500);
  const preview = scaled(500, large);
  const began = performance.now();
  const text = formatPreview(preview, { output: "markdown", state: large });
  const elapsed = performance.now() - began;
  expect(text.length).toBeLessThanOrEqual(MAX_COMMENT_CHARACTERS);
  expect(text.length).toBeGreaterThan(MAX_COMMENT_CHARACTERS - 500);
  const [picture, ...others] = pictures(text);
  expect([others.length, picture.match(/(?<=")\d+(?= × workers)/g)]).toEqual([0, ["167", "167", "166"]]);
  expect(text.slice(0, text.indexOf("<details>"))).toContain("Cost: ");
  expect(text).toMatch(/… and \d+ more lines do not fit here: see the preview itself\n$/);
  expect(elapsed).toBeLessThan(2000);
});

test("a picture that is too large is left out completely, and the changes stay", () => {
  const [worker] = standing.filter(isWorker);
  const many = Array.from({ length: 500 }, (_, index): Resource => {
    const name = `${"x".repeat(40)}-${index}`;
    return { ...worker, urn: worker.urn.replace(/workers-\d+$/, `${name}-0`), id: name };
  });
  const text = formatPreview(scaled(5), { output: "markdown", state: [...standing, ...many] });
  expect(text).not.toMatch(/mermaid|details>/);
  expect(text).toContain("create `workers-4`");
});

test("a comment shows no secret of the state or the plan", () => {
  const secret = (resource: Resource): Resource => ({
    ...resource,
    inputs: { ...resource.inputs, userData: SECRET, password: SECRET, tags: { Name: SECRET } },
    outputs: { ...resource.outputs, privateKey: SECRET },
  });
  const text = formatPreview(scaled(4), { output: "markdown", state: standing.map(secret) });
  expect(pictures(text)).toHaveLength(1);
  expect(text.slice(text.indexOf("<details>"), text.indexOf("</details>"))).not.toMatch(new RegExp(`${SECRET}|\\[secret\\]`));
});
