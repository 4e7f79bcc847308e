import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Assumptions, readAssumption } from "./assumptions";
import { compare } from "./compare";
import { estimate } from "./estimate";
import { priceFile, readPrices } from "./price-table";
import { regionOf, regionOfConfiguration, resourcesOfPlan } from "./resource";
import { showComparison, showEstimate } from "./show";
import { standing } from "./standing";
import { jsonInput } from "../json-input";
import { runCommand } from "../run-main";

export const usage = `Estimates what a stack costs in a month, at AWS's list prices.

  make cost STACK=<stack> [PLAN=<file>]     with PLAN also what a plan changes: before, after, difference

or npx tsx operations/cost/cli.ts [--stack <stack>] [--plan <file>]
  --stack <stack>   what stands: asked of pulumi stack export
  --plan <file>     output of pulumi preview --json; - is standard input. Without --stack both sides have only what changes
  --state <file>    output of pulumi stack export, instead of asking for it
  --region <region> where the stack is; unless told, where its AWS provider works
  --assume <name>=<whole number>  another assumption, such as natGb=500; may be repeated
  --prices <file>   another price table
  --json, --markdown  the form of the output
  --directory <d>   where Pulumi.yaml is; this project unless told

Nothing is asked of AWS, and nothing is changed. What has no price in the table is listed as unknown, and is not in the sum.
Exit code 0: estimated; 1: failed; 2: wrong arguments.
`;

/** What the arguments ask for. */
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

/** Reads the arguments; a text says what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = { stack: text, plan: text, state: text, region: text, prices: text, directory: text, json: flag, markdown: flag };
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, assume: { type: "string", multiple: true, default: [] } } });
    const { stack, plan, state, region, json, markdown } = values;
    if (stack === "" && plan === "" && state === "") return "which stack? Add STACK=<stack> (--stack <stack>), or --plan or --state";
    if (stack !== "" && state !== "") return "--state is there instead of --stack";
    if (json && markdown) return "--json or --markdown, not both";
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
  const state = await standing(asked);
  const plan = asked.plan === "" ? undefined : await jsonInput(asked.plan);
  const planned = plan === undefined ? undefined : resourcesOfPlan(plan, state);
  const region = asked.region || regionOf(planned?.after ?? state) || regionOf(planned?.before ?? []) || regionOfConfiguration(plan);
  if (region === undefined)
    throw new Error("in which region is it? Neither state nor plan have an AWS provider that says it: add --region <region>");
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
