import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { resourcesOfExport, resourcesOfPlan, type Resource } from "../../lib/pulumi/resource";
import { jsonInput } from "../../lib/json-input";
import { refuseUnwritable, writeOutput } from "../../lib/output-file";
import { pulumiCli } from "../../lib/pulumi/cli";
import { runCommand } from "../../lib/run-main";
import { mermaid } from "./mermaid";
import { svg } from "./svg";
import { topologyOf } from "./topology";

export const usage = `Draws a diagram of a stack: zones, subnets, instances, load balancers, and what the internet can reach.

  make topology STACK=<stack> [FORMAT=svg] [OUT=<file>]

or npx tsx tools/topology/cli.ts [--stack <stack>] [--plan <file>]
  --stack <stack>   the stack; its state is read with pulumi stack export
  --plan <file>     output of pulumi preview --json, to draw the stack after it; - is standard input. For an existing stack a
                    preview has only the changes: add --stack
  --state <file>    use an existing output of pulumi stack export; - is standard input
  --format <form>   mermaid or svg; default: svg for an output file *.svg, otherwise mermaid
  --out <file>      the file to write; default: standard output
  --directory <d>   directory of Pulumi.yaml; default: this project

Exit code 0: drawn; 1: failed; 2: wrong arguments.
`;

const formats = ["mermaid", "svg"] as const;

/** The arguments of the command line. */
export interface Arguments {
  readonly stack: string;
  readonly plan: string;
  readonly state: string;
  readonly format: (typeof formats)[number];
  /** File to write; empty for standard output. */
  readonly out: string;
  readonly directory: string;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  try {
    const options = { stack: text, plan: text, state: text, format: text, out: text, directory: text };
    const { values } = parseArgs({ args: [...args], options });
    const { stack, plan, state, out, directory } = values;
    if (stack === "" && plan === "" && state === "")
      return "the stack is missing: add STACK=<stack> (--stack <stack>), or --plan or --state";
    if (stack !== "" && state !== "") return "--state and --stack can't be combined";
    if (plan === "-" && state === "-") return "--plan and --state can't both be standard input";
    const format = formats.find((one) => one === (values.format || (out.endsWith(".svg") ? "svg" : "mermaid")));
    if (format === undefined) return `${values.format} is not a format; allowed: ${formats.join(" or ")}`;
    return { stack, plan, state, format, out, directory: directory || dirname(dirname(__dirname)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(asked: Arguments): Promise<number> {
  refuseUnwritable(asked.out);
  const state = await readResources(asked);
  const resources = asked.plan === "" ? state : resourcesOfPlan(await jsonInput(asked.plan), state).after;
  if (!resources.some(({ type }) => type.startsWith("aws:")))
    throw new Error("there is nothing to draw: the stack has no AWS resources. Before its first update, draw it from its preview (--plan)");
  const topology = topologyOf(resources);
  writeOutput(asked.out, asked.format === "svg" ? `${svg(topology).source}\n` : mermaid(topology));
  return 0;
}

/** The stack's existing resources. Secrets in the export stay encrypted. */
async function readResources({ stack, state, directory }: Arguments): Promise<readonly Resource[]> {
  if (state !== "") return resourcesOfExport(await jsonInput(state));
  if (stack === "") return [];
  return resourcesOfExport(JSON.parse(await pulumiCli(stack, directory)(["stack", "export"])));
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
