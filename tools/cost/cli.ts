import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Assumptions, readAssumption } from "./assumptions";
import { compare } from "./compare";
import { estimate } from "./estimate";
import { priceFile, readPrices } from "./price-table";
import { regionOf, regionOfConfiguration, resourcesOfPlan } from "../../lib/pulumi/resource";
import { showComparison, showEstimate } from "./show";
import { existingResources } from "./existing-resources";
import { jsonInput } from "../../lib/json-input";
import { runCommand } from "../../lib/run-main";

export const usage = `Estimates a stack's cost per month, at AWS's list prices.

  make cost STACK=<stack> [PLAN=<file>]     with PLAN also what a plan changes: before, after, difference

or npx tsx tools/cost/cli.ts [--stack <stack>] [--plan <file>]
  --stack <stack>   the stack; its state is read with pulumi stack export
  --plan <file>     output of pulumi preview --json; - is standard input. Without --stack both sides have only the changes
  --state <file>    use an existing output of pulumi stack export
  --region <region> region of the stack; default: the region of its AWS provider
  --assume <name>=<whole number>  change an assumption, such as natGb=500; may be repeated
  --prices <file>   use another price table
  --json, --markdown  the format of the output
  --directory <d>   directory of Pulumi.yaml; default: this project

Nothing is asked of AWS, and nothing is changed. What has no price in the table is listed as unknown, and is not in the sum.
Exit code 0: estimated; 1: failed; 2: wrong arguments.
`;

/** The arguments of the command line. */
export interface Arguments {
  readonly stack: string;
  readonly plan: string;
  readonly state: string;
  readonly region: string;
  readonly assumptions: Partial<Assumptions>;
  readonly prices: string;
  readonly form: "terminal" | "markdown" | "json";
  readonly directory: string;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = { stack: text, plan: text, state: text, region: text, prices: text, directory: text, json: flag, markdown: flag };
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, assume: { type: "string", multiple: true, default: [] } } });
    const { stack, plan, state, region, json, markdown } = values;
    if (stack === "" && plan === "" && state === "")
      return "the stack is missing: add STACK=<stack> (--stack <stack>), or --plan or --state";
    if (stack !== "" && state !== "") return "--state and --stack can't be combined";
    if (json && markdown) return "--json and --markdown can't be combined";
    const read = values.assume.map(readAssumption);
    const wrong = read.find((one) => typeof one === "string");
    if (wrong !== undefined) return wrong;
    return {
      ...{ stack, plan, state, region },
      assumptions: Object.assign({}, ...read) as Partial<Assumptions>,
      prices: values.prices || priceFile,
      form: json ? "json" : markdown ? "markdown" : "terminal",
      directory: values.directory || dirname(dirname(__dirname)),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(asked: Arguments): Promise<number> {
  const { form } = asked;
  const state = await existingResources(asked);
  const plan = asked.plan === "" ? undefined : await jsonInput(asked.plan);
  const planned = plan === undefined ? undefined : resourcesOfPlan(plan, state);
  const region = asked.region || regionOf(planned?.after ?? state) || regionOf(planned?.before ?? []) || regionOfConfiguration(plan);
  if (region === undefined)
    throw new Error("the region is unknown: no AWS provider in the state or the plan has one. Add --region <region>");
  const options = { region, prices: readPrices(asked.prices), assumptions: asked.assumptions };
  if (planned === undefined) {
    const one = estimate(state, options);
    process.stdout.write(form === "json" ? `${JSON.stringify(one, undefined, 2)}\n` : showEstimate(one, form));
  } else {
    const both = compare(planned, options);
    process.stdout.write(form === "json" ? `${JSON.stringify(both, undefined, 2)}\n` : showComparison(both, form));
  }
  return 0;
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
