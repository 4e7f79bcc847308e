import type { Preview, EngineStep } from "../../../../lib/pulumi/change";
import { costOf } from "../../../../tools/plan/cost";
import { MAX_COMMENT_CHARACTERS, showSummary } from "../../../../tools/plan/show";
import { summarizePlan } from "../../../../tools/plan/summary";
import { prices } from "../cost/fixture";
import { readFixture, standing } from "./fixture";

const workers = 500;

/** The recorded preview of a change of the workers' instance type, repeated for a stack with 500 workers. */
function large(): Preview {
  const { steps = [], config = {} } = readFixture("worker-type").preview;
  return {
    config,
    steps: Array.from({ length: workers }, (_, index): EngineStep => {
      const name = `workers-${index}`;
      return JSON.parse(JSON.stringify(steps[index % steps.length]).replaceAll(/\bworkers-\d+\b/g, name)) as EngineStep;
    }),
  };
}

test("500 changed workers give one consequence with a shortened list", () => {
  const preview = large();
  const before = process.cpuUsage();
  const cost = costOf(preview, { form: "markdown", state: standing(), prices });
  const text = showSummary(summarizePlan(preview, { cost }), "markdown");
  const { user } = process.cpuUsage(before);
  expect(text.length).toBeLessThanOrEqual(MAX_COMMENT_CHARACTERS);
  expect(text.split("\n")[0]).toBe("**Updates 500 instances, stops workers for about 5 minutes and costs $70,080.00 a month.**");
  expect(text).toContain("and 492 more: stops and starts instances at the same time");
  // Measured: 0.16 s. Processor time, because other work on the machine does not change it.
  expect(user).toBeLessThan(2_000_000);
});

test("the summary of 5,000 changes with long names stays within the limit, and has the number of omitted changes", () => {
  const [step] = readFixture("scale-workers").preview.steps ?? [];
  const steps = Array.from({ length: 5000 }, (_, index): EngineStep => ({ ...step, urn: `${step.urn}-${"x".repeat(60)}-${index}` }));
  const text = showSummary(summarizePlan({ steps }), "markdown");
  expect(text.length).toBeLessThanOrEqual(MAX_COMMENT_CHARACTERS);
  expect(text).toMatch(/… and 4\d\d\d more lines do not fit here/);
});
