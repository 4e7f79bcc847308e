import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { PROJECT } from "../../config/schema";
import { existingResources } from "../cost/existing-resources";
import { refuseConflictingSources } from "../../lib/aws/credential-sources";
import { withPack } from "../policy/pack";
import { pulumiCli } from "../../lib/pulumi/cli";
import { finalMessage } from "../../lib/pulumi/errors";
import { configurationValues, refuseAbsentFile, refuseWrongConfiguration } from "../stack-configuration";
import { runCommand, stopwatch } from "../../lib/run-main";
import type { Preview } from "../../lib/pulumi/change";
import { configurationChanges, type ConfigurationChange, unknownChanges } from "./configuration-changes";
import { hasErrors, policyArguments, readPreview, withoutCluster } from "./preview";
import { previewOf } from "./run-preview";
import { type OutputFormat, formatPreview } from "./format";
import { valuesOfHistory, valuesOfPreview, valuesOfStackFile } from "./stack-file";

export const usage = `Shows the impact of an update of a stack: what is interrupted or lost, what becomes reachable, the cost, and then every change.

  make plan STACK=<stack>                          previews the stack, with the credentials of the environment
  make plan BASE=<commit> [HEAD=<commit>] [DEEP=1] compares two commits in the sandbox, without credentials (sandbox/plan/cli.ts --help)

or npx tsx tools/plan/cli.ts --stack <stack> | --plan <file>
  --stack <stack>   the stack
  --plan <file>     use an existing output of pulumi preview --json; - is standard input
  --state <file>    output of pulumi stack export, for the total cost; with --stack it is read from the stack
  --configuration-before <file>, --configuration-after <file>
                    stack files (Pulumi.<stack>.yaml) whose differences are shown; a missing file counts as empty. Default: the
                    configuration of the stack's last update is compared with that of the preview
  --without-cluster leave out the objects in the cluster, if its API can't be reached
  --markdown, --json  the format of the output
  --directory <d>   directory of Pulumi.yaml; default: this project

Nothing is changed. Exit code 0: there is a plan; 1: failed, or the plan can't be applied; 2: wrong arguments.
`;

/** The arguments of the command line. */
export interface Arguments {
  readonly stack: string;
  readonly plan: string;
  readonly state: string;
  /** The configurations before and after. Either both are given or none. */
  readonly configuration: { readonly before: string; readonly after: string } | undefined;
  readonly withoutCluster: boolean;
  readonly output: OutputFormat;
  readonly directory: string;
}

/** Reads the arguments; returns an error message if they are wrong. */
export function readArguments(args: readonly string[]): Arguments | string {
  const text = { type: "string", default: "" } as const;
  const flag = { type: "boolean", default: false } as const;
  const files = { "configuration-before": text, "configuration-after": text } as const;
  try {
    const options = {
      stack: text,
      plan: text,
      state: text,
      directory: text,
      markdown: flag,
      json: flag,
      "without-cluster": flag,
      ...files,
    };
    const { values } = parseArgs({ args: [...args], options });
    const {
      stack,
      plan,
      state,
      markdown,
      json,
      "without-cluster": without,
      "configuration-before": before,
      "configuration-after": after,
    } = values;
    if (stack === "" && plan === "") return "the stack is missing: add STACK=<stack> (--stack <stack>), or --plan <file>";
    if (markdown && json) return "--json and --markdown can't be combined";
    if ((before === "") !== (after === "")) return "--configuration-before and --configuration-after must be used together";
    if (without && plan !== "") return "--without-cluster can't be combined with --plan, which is an existing preview";
    return {
      ...{ stack, plan, state },
      configuration: before === "" ? undefined : { before, after },
      withoutCluster: without,
      output: json ? "json" : markdown ? "markdown" : "terminal",
      directory: values.directory || dirname(dirname(__dirname)),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(asked: Arguments): Promise<number> {
  if (asked.plan !== "") return show(asked, undefined);
  const say = stopwatch();
  let configured: string;
  try {
    configured = await checkedConfiguration(asked);
  } catch (error) {
    // With the output formats for programs and for comments, the error is printed as part of a plan. On a terminal only the error is
    // printed.
    if (asked.output === "terminal") throw error;
    process.stdout.write(
      formatPreview({ steps: [], diagnostics: [{ severity: "error", message: finalMessage(error) }] }, { output: asked.output }),
    );
    return 1;
  }
  say(`preview of ${asked.stack} ...`);
  return show(asked, configured, () => {
    say("previewed");
  });
}

/**
 * Returns the output of `pulumi config --json --show-secrets`, after all checks of the configuration that are possible before the Pulumi
 * engine starts.
 */
async function checkedConfiguration({ stack, directory }: Arguments): Promise<string> {
  refuseConflictingSources();
  const pulumi = pulumiCli(stack, directory);
  await refuseAbsentFile(stack, directory, pulumi);
  const configured = await pulumi(["config", "--json", "--show-secrets"]);
  refuseWrongConfiguration(JSON.parse(configured) as Parameters<typeof refuseWrongConfiguration>[0], stack, directory);
  return configured;
}

/** Makes and prints the plan; returns the exit code. */
async function show(asked: Arguments, configured: string | undefined, made?: () => void): Promise<number> {
  // The state is read while the preview runs. The total cost needs the state, because a preview has only the changes.
  const [preview, state, last] = await Promise.all([planOf(asked, configured), existingResources(asked), lastUpdate(asked)]);
  made?.();
  const { changes, unknown } = configurationOf(asked, valuesOfPreview(preview, configured), last);
  const notes = [
    ...(asked.withoutCluster ? ["The objects in the cluster are not previewed: its API can't be reached from this machine."] : []),
    ...(unknown.length > 0 ? [`It is not known whether these secrets change: ${unknown.join(", ")}.`] : []),
  ];
  process.stdout.write(
    formatPreview(preview, { output: asked.output, state, configuration: changes, ...(notes.length > 0 && { note: notes.join(" ") }) }),
  );
  return hasErrors(preview) ? 1 : 0;
}

async function planOf(asked: Arguments, configured: string | undefined): Promise<Preview> {
  const { plan } = asked;
  if (configured !== undefined) return previewUnderPolicy(asked, configured);
  return plan === "-" ? readPreview(await readAll(process.stdin), "standard input") : readPreview(readFileSync(plan, "utf8"), plan);
}

/** Previews with the same policy pack as `make up`: a violated policy is an error of the plan. */
async function previewUnderPolicy({ stack, directory, withoutCluster: without }: Arguments, configured: string): Promise<Preview> {
  const values = configurationValues(configured);
  return withPack(directory, values, (pack) => previewOf(stack, directory, [...policyArguments(pack), ...(without ? withoutCluster : [])]));
}

/** The history with the stack's last update, if its configuration is compared with the preview's; otherwise empty. */
async function lastUpdate({ stack, plan, configuration, directory }: Arguments): Promise<unknown> {
  if (stack === "" || configuration !== undefined) return [];
  // A preview in a file (PLAN=) contains no secrets, so the secrets of the last update cannot be compared with it and are not read.
  const secrets = plan === "" ? ["--show-secrets"] : [];
  return JSON.parse(await pulumiCli(stack, directory)(["stack", "history", "--json", "--page-size", "1", ...secrets])) as unknown;
}

interface ConfigurationComparison {
  readonly changes: readonly ConfigurationChange[];
  /** Keys for which it is unknown whether they change. */
  readonly unknown: readonly string[];
}

function configurationOf({ configuration }: Arguments, preview: Readonly<Record<string, unknown>>, last: unknown): ConfigurationComparison {
  if (configuration !== undefined) {
    const values = (file: string) => valuesOfStackFile(existsSync(file) ? readFileSync(file, "utf8") : undefined);
    return { changes: configurationChanges(values(configuration.before), values(configuration.after)), unknown: [] };
  }
  const before = valuesOfHistory(last);
  if (before === undefined) return { changes: [], unknown: [] };
  const name = (key: string) => key.replace(`${PROJECT}:`, "");
  return { changes: configurationChanges(before, preview), unknown: unknownChanges(before, preview).map(name) };
}

if (require.main === module) {
  runCommand({ usage, readArguments, run });
}
