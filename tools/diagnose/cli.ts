import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { parseConfiguration } from "../../config/parse";
import type { ExportedState } from "../driver/stack-account";
import { reasonOf } from "../../lib/reason";
import { refuseUnusableCredentials } from "./credentials";
import { investigate } from "../../steps/diagnosis/diagnose";
import { findingsText } from "../../steps/diagnosis/finding";
import { gather } from "../../steps/diagnosis/gather";
import { findInfraId } from "../../steps/diagnosis/read/infra-id";
import { diagnosisTarget } from "../../steps/diagnosis/target";
import { refuseConflictingSources } from "../../lib/aws/credential-sources";
import { pulumiCli } from "../../lib/pulumi/cli";
import { configurationValues, refuseAbsentFile } from "../stack-configuration";
import { runMain } from "../../lib/run-main";

const usage = `Finds out why an installation does not finish: lists the problems in AWS and in the cluster, the likely cause first.

  make diagnose STACK=<stack> [GATHER=<directory>]
  npx tsx tools/diagnose/cli.ts --stack <stack> [--json] [--gather <directory>]

  --json      prints the results as JSON
  --gather    also writes an archive with the evidence, without secrets, to the directory

Uses the same credentials as pulumi up and changes nothing. If AWS rejects them, one message says what to do, and no layer is checked.
Exit code 0: no problem found; 1: problems found, or the diagnosis failed; 2: wrong arguments.
`;

const project = join(__dirname, "..", "..");

/** Maximum number of bytes that a pulumi command may print. The largest output is the exported state. This project's choice. */
const maxBuffer = 256 * 1024 * 1024;

async function main(): Promise<number> {
  const given = options();
  if (given === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  refuseConflictingSources();
  const { stack, directory } = given;
  await refuseAbsentFile(stack, project, pulumiCli(stack, project));
  const [configuration, outputs, state] = await Promise.all([readConfiguration(stack), readOutputs(stack), readState(stack)]);
  await refuseUnusableCredentials(state, configuration.region);
  const infraId = outputs.infraId ?? (await findInfraId(configuration));
  if (infraId === undefined) {
    throw new Error(
      `no cluster ${configuration.clusterDomain} was found: stack ${stack} has no output infraId, and no security group in ${configuration.region} is tagged with the cluster's domain. Run "pulumi up --stack ${stack}" first.`,
    );
  }
  const { kubeconfig, sshPrivateKey, kubeadminPassword, registryPassword } = outputs;
  const target = diagnosisTarget(configuration, {
    infraId,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(sshPrivateKey !== undefined && { sshPrivateKey }),
    kubeadminPassword,
    registryPassword,
  });
  const investigation = await investigate(target);
  const { findings } = investigation;
  const archive = directory === undefined ? undefined : await gather(target, directory, { investigation });
  process.stdout.write(given.json ? `${JSON.stringify({ findings, archive }, undefined, 2)}\n` : findingsText(findings, archive));
  return findings.length === 0 ? 0 : 1;
}

function options(): { stack: string; json: boolean; directory: string | undefined } | undefined {
  try {
    const { values } = parseArgs({
      options: { stack: { type: "string" }, json: { type: "boolean", default: false }, gather: { type: "string" } },
    });
    const { stack, json, gather: directory } = values;
    return stack === undefined || stack === "" ? undefined : { stack, json, directory };
  } catch {
    // parseArgs throws for an unknown option. The caller then prints the usage, which lists the options.
    return undefined;
  }
}

/** The stack's outputs. If no update has finished yet, there may be none. */
async function readOutputs(stack: string): Promise<Partial<Record<string, string>>> {
  return JSON.parse(await pulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack])) as Partial<Record<string, string>>;
}

/** The stack's exported state; its secrets stay encrypted. */
async function readState(stack: string): Promise<ExportedState> {
  return JSON.parse(await pulumi(["stack", "export", "--stack", stack])) as ExportedState;
}

async function readConfiguration(stack: string) {
  return parseConfiguration(configurationValues(await pulumi(["config", "--json", "--show-secrets", "--stack", stack])));
}

async function pulumi(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)("pulumi", [...args, "--non-interactive"], { maxBuffer, cwd: project })).stdout;
  } catch (error) {
    // The message contains only standard error: standard output may contain secrets.
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(`pulumi ${args[0] ?? ""} failed: ${stderr.trim() || reasonOf(error)}`);
  }
}

runMain(main);
