import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { parseConfiguration } from "../../config/parse";
import type { ExportedState } from "../driver/stack-account";
import { reasonOf } from "./attempts";
import { refuseUnusableCredentials } from "./credentials";
import { investigate } from "./diagnose";
import { describe } from "./finding";
import { gather } from "./gather";
import { findInfraId } from "./read/infra-id";
import { subjectOf } from "./subject";
import { refuseConflictingSources } from "../credential-sources";
import { pulumiCli } from "../pulumi-cli";
import { configurationValues, refuseAbsentFile } from "../stack-configuration";
import { runMain } from "../run-main";

const usage = `Says why an installation doesn't come to its end: what is wrong in AWS and in the cluster, the cause first.

  make diagnose STACK=<stack> [GATHER=<directory>]
  npx tsx operations/diagnosis/cli.ts --stack <stack> [--json] [--gather <directory>]

  --json      prints the findings as JSON
  --gather    also gathers the evidence, without secrets, into an archive in the directory

Uses the credentials that pulumi up uses; changes nothing. If AWS does not accept them, one message says what to do, and no layer is examined.
Exit code 0: nothing found; 1: findings, or failed; 2: wrong usage.
`;

const project = join(__dirname, "..", "..");

/** Bytes that Pulumi may print: the state is the largest. This project's choice. */
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
      `no cluster ${configuration.clusterDomain} was found: stack ${stack} has no output infraId, and nothing in ${configuration.region} is tagged with the cluster's domain. Run "pulumi up --stack ${stack}" first.`,
    );
  }
  const { kubeconfig, sshPrivateKey, kubeadminPassword, registryPassword } = outputs;
  const subject = subjectOf(configuration, {
    infraId,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(sshPrivateKey !== undefined && { sshPrivateKey }),
    kubeadminPassword,
    registryPassword,
  });
  const investigation = await investigate(subject);
  const { findings } = investigation;
  const archive = directory === undefined ? undefined : await gather(subject, directory, { investigation });
  process.stdout.write(given.json ? `${JSON.stringify({ findings, archive }, undefined, 2)}\n` : describe(findings, archive));
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
    // An unknown option: the usage says which there are.
    return undefined;
  }
}

/** What an update that came to its end has stored; one that failed may have stored nothing. */
async function readOutputs(stack: string): Promise<Partial<Record<string, string>>> {
  return JSON.parse(await pulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack])) as Partial<Record<string, string>>;
}

/** Which resources the stack has; its secrets stay encrypted. */
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
    // Its standard output may hold secrets, its standard error says what is wrong.
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(`pulumi ${args[0] ?? ""} failed: ${stderr.trim() || reasonOf(error)}`);
  }
}

runMain(main);
