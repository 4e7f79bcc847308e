import { systemClock } from "../../lib/clock";
import { exchange } from "../../lib/https";
import { ClusterClient } from "../../lib/kubernetes/client";
import { ProgramError } from "../../lib/program-error";
import { pulumiCli } from "../../lib/pulumi/cli";
import { runCommand, stopwatch } from "../../lib/run-main";
import { refuseAbsentFile } from "../stack-configuration";
import { readArguments, type SmokeArguments, usage } from "./arguments";
import { smoke, type SmokeOutcome } from "./smoke";

interface Outputs {
  readonly kubeconfig?: string;
  /** By router. */
  readonly exampleApplicationUrls?: Readonly<Record<string, string>>;
}

async function run({ stack, dryRun, restore, json }: SmokeArguments): Promise<number> {
  const pulumi = pulumiCli(stack, process.cwd());
  await refuseAbsentFile(stack, process.cwd(), pulumi);
  const outputs = JSON.parse(await pulumi(["stack", "output", "--show-secrets", "--json"])) as Outputs;
  const { kubeconfig, exampleApplicationUrls = {} } = outputs;
  const routes = Object.entries(exampleApplicationUrls).map(([router, url]) => ({ router, url }));
  if (kubeconfig === undefined || routes.length === 0)
    throw new ProgramError(
      `the stack ${stack} has no example application to test. Run: pulumi config set --stack ${stack} exampleApplication true, then make up STACK=${stack}`,
    );
  const context = { stack, client: new ClusterClient(kubeconfig), fetch: exchange, clock: systemClock, say: stopwatch() };
  const outcome = await smoke(routes, context, { dryRun, restore });
  process.stdout.write(json ? `${JSON.stringify({ stack, ...outcome }, undefined, 2)}\n` : summary(outcome));
  return outcome.passed ? 0 : 1;
}

function summary({ steps, leftOut, passed }: SmokeOutcome): string {
  const lines = steps.map(
    ({ step, seconds, problem }) => `  ${problem === undefined ? "ok    " : "failed"} ${seconds.toFixed(1).padStart(7)} s  ${step}`,
  );
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return `${[
    ...lines,
    ...leftOut.map((text) => `  left out          ${text}`),
    passed ? `all ${steps.length} steps succeeded in ${total.toFixed(1)} s` : "the smoke test failed",
  ].join("\n")}\n`;
}

runCommand({ usage, readArguments, run });
