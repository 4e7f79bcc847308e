import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { resourcesOfExport, resourcesOfPlan, type Resource } from "../cost/resource";
import { jsonInput } from "../json-input";
import { refuseUnwritable, writeOutput } from "../output-file";
import { pulumiCli } from "../pulumi-cli";
import { runCommand } from "../run-main";
import { mermaid } from "./mermaid";
import { topologyOf } from "./model";
import { svg } from "./svg";

export const usage = `Draws what a stack is made of.

  make topology STACK=<stack> [FORMAT=svg] [OUT=<file>]

or npx tsx operations/topology/cli.ts [--stack <stack>] [--plan <file>]
  --stack <stack>   what stands: asked of pulumi stack export
  --plan <file>     output of pulumi preview --json, to draw what stands after it; - is standard input. Of a stack that stands
                    already, a preview has only what changes: --stack as well
  --state <file>    output of pulumi stack export, instead of asking for it; - is standard input
  --format <form>   mermaid, unless told, or svg
  --out <file>      the file to write; standard output by default
  --directory <d>   where Pulumi.yaml is; this project unless told

Exit code 0: drawn; 1: failed; 2: wrong arguments.
`;

const formats = ["mermaid", "svg"] as const;

/** What the arguments ask for. */
export interface Arguments {
  readonly stack: string;
  readonly plan: string;
  readonly state: string;
  readonly format: (typeof formats)[number];
  /** File to write; empty for standard output. */
  readonly out: string;
  readonly directory: string;
}

/** Reads the arguments; a text says what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  try {
    const options = { stack: text, plan: text, state: text, format: text, out: text, directory: text };
    const { values } = parseArgs({ args: [...args], options });
    const { stack, plan, state, out, directory } = values;
    if (stack === "" && plan === "" && state === "") return "which stack? Add STACK=<stack> (--stack <stack>), or --plan or --state";
    if (stack !== "" && state !== "") return "--state is there instead of --stack";
    if (plan === "-" && state === "-") return "--plan and --state can't both be standard input";
    const format = formats.find((one) => one === (values.format || "mermaid"));
    if (format === undefined) return `${values.format} is no format: ${formats.join(" or ")}`;
    return { stack, plan, state, format, out, directory: directory || dirname(dirname(__dirname)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(asked: Arguments): Promise<number> {
  refuseUnwritable(asked.out);
  const state = await standing(asked);
  const resources = asked.plan === "" ? state : resourcesOfPlan(await jsonInput(asked.plan), state).after;
  if (!resources.some(({ type }) => type.startsWith("aws:")))
    throw new Error("there is nothing to draw: no resource of AWS is in it. A stack that isn't up yet is drawn from its preview (--plan)");
  const topology = topologyOf(resources);
  writeOutput(asked.out, asked.format === "svg" ? `${svg(topology).source}\n` : mermaid(topology));
  return 0;
}

/** What stands. The export holds secrets encrypted, and none is asked for. */
async function standing({ stack, state, directory }: Arguments): Promise<readonly Resource[]> {
  if (state !== "") return resourcesOfExport(await jsonInput(state));
  if (stack === "") return [];
  return resourcesOfExport(JSON.parse(await pulumiCli(stack, directory)(["stack", "export"])));
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
