import { writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { attachAws, type Inventory, stopAws } from "./aws";
import { declaredFaults, declareFaults, formatFault, parseFault } from "./aws/faults";
import { stopSimulator } from "./cluster";
import { resume } from "./interrupted";
import { pulumi, pulumiOk } from "./pulumi";
import { projectDirectory, Sandbox } from "./sandbox";
import { recordStack, runningStack, type SandboxStack, stackToBringUp } from "./running-stack";
import { runMain } from "../lib/run-main";

const usage = `Runs a stack against an emulated AWS, with the real Pulumi engine, plugins and openshift-install.

  npx tsx sandbox/cli.ts up [<stack>] [--kubelet=real|kwok]
                                 starts the sandbox and brings a stack up in it: dev (default) or services, the one with everything on.
                                 Run it again to continue after a failure. With --kubelet=real a real kubelet runs the example application
                                 in containers, as root on Linux; otherwise kwok serves all pods (default)
  npx tsx sandbox/cli.ts down    destroys the running stack, checks that nothing is left in the emulated account, and stops everything
  npx tsx sandbox/cli.ts status  says whether the sandbox is running, and with which stack
  npx tsx sandbox/cli.ts faults [<fault>; ...|none]
                                 lists the faults that the emulated AWS injects, replaces them, or removes all (docs/sandbox.md)

All its files are in .sandbox/; "source .sandbox/env" points pulumi, aws and kubectl at the sandbox.
Exit code 0: done; 1: failed; 2: wrong arguments.
`;

const directory = `${projectDirectory}/.sandbox`;

/** The values of the option that chooses the kubelet. A running sandbox keeps its kubelet. */
const kubelets = ["--kubelet=real", "--kubelet=kwok"] as const;

async function up(...args: readonly string[]): Promise<number> {
  const started = Date.now();
  const options = args.filter((arg) => arg.startsWith("-"));
  const [wanted = "", ...more] = args.filter((arg) => !arg.startsWith("-"));
  const wrong = [...options.filter((option) => !(kubelets as readonly string[]).includes(option)), ...more];
  if (wrong.length > 0) {
    process.stderr.write(`${wrong.join(", ")}: not an argument of "up"; allowed are one stack, ${kubelets.join(" and ")}\n`);
    return 2;
  }
  const stack = stackToBringUp(directory, wanted, (await attachAws(`${directory}/aws`)) !== undefined);
  const realKubelet = options.includes("--kubelet=real");
  if (realKubelet && stack === "services") {
    process.stderr.write(
      "the stack services can't have a real kubelet: its DaemonSets for logs tolerate every taint, and their images do not exist here. " +
        "Set exampleApplication in Pulumi.dev.yaml and run make sandbox KUBELET=real\n",
    );
    return 2;
  }
  // Recorded before anything runs. If the command is killed, the next one continues with the same stack.
  recordStack(directory, stack);
  const sandbox = await Sandbox.open(directory, { realKubelet });
  say(sandbox.fresh ? "the emulated AWS is up" : "the emulated AWS is already running", started);
  say(sandbox.kubelet, started);
  await pulumiOk(sandbox, ["stack", "select", stack, "--create"]);
  const resumed = await resume(sandbox, stack, "us-east-1", configurationOf(stack));
  if (resumed !== undefined) say(resumed, started);
  // The first update destroys the bootstrap instance. A second update removes the instance's resources from the state.
  for (let left = true; left;) {
    const { code } = await pulumi(sandbox, ["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress"], { show: true });
    if (code !== 0) {
      say(`the stack is not up: fix the problem in the messages above and run the same command again`, started);
      return 1;
    }
    left = (await destroyedBootstrap(sandbox, stack)) !== undefined;
  }
  const { stdout: kubeconfig } = await pulumiOk(sandbox, ["stack", "output", "kubeconfig", "--show-secrets", "--stack", stack]);
  writeFileSync(sandbox.kubeconfig, kubeconfig, { mode: 0o600 });
  say(`the stack ${stack} is up. Look around with: source .sandbox/env; pulumi stack output`, started);
  return 0;
}

function configurationOf(stack: SandboxStack): string {
  return `${projectDirectory}/Pulumi.${stack}.yaml`;
}

/** The address of a bootstrap instance that is still in the state although it is already terminated. */
async function destroyedBootstrap(sandbox: Sandbox, stack: SandboxStack): Promise<string | undefined> {
  const { stdout } = await pulumiOk(sandbox, ["stack", "output", "--json", "--stack", stack]);
  return (JSON.parse(stdout) as { bootstrapAddress?: string }).bootstrapAddress;
}

async function down(): Promise<number> {
  const started = Date.now();
  const stack = runningStack(directory);
  const sandbox = await Sandbox.attach(directory);
  if (sandbox === undefined) {
    await stopSimulator(`${directory}/cluster`); // Some of the simulator's processes may still be running.
    await stopAws(`${directory}/aws`);
    say("no sandbox is running: nothing to destroy", started);
    return 0;
  }
  await pulumiOk(sandbox, ["stack", "select", stack, "--create"]);
  const resumed = await resume(sandbox, stack, "us-east-1", configurationOf(stack));
  if (resumed !== undefined) say(resumed, started);
  const { code } = await pulumi(sandbox, ["destroy", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress"], { show: true });
  if (code !== 0) {
    say("the stack is not destroyed; the sandbox keeps running so that you can look at it", started);
    return 1;
  }
  const left = difference(sandbox.baseline(), await sandbox.inventory());
  await sandbox.close();
  if (left.length > 0) {
    say(`destroyed, but these resources are left in the account:\n${left.join("\n")}`, started);
    return 1;
  }
  say("destroyed: the account is as it was, and everything is stopped", started);
  return 0;
}

async function status(): Promise<number> {
  const aws = await attachAws(`${directory}/aws`);
  process.stdout.write(
    aws === undefined ? "not running\n" : `running; stack: ${runningStack(directory)}; record of AWS calls: ${aws.callsFile}\n`,
  );
  return aws === undefined ? 1 : 0;
}

/** Lists, replaces or removes the injected faults. */
async function faults(text = ""): Promise<number> {
  const aws = await attachAws(`${directory}/aws`);
  if (aws === undefined) {
    process.stderr.write('no sandbox is running; start it with "make sandbox"\n');
    return 1;
  }
  const lines = text.split(";").filter((line) => line.trim() !== "");
  if (lines.length > 0) declareFaults(aws.directory, text.trim() === "none" ? [] : lines.map(parseFault));
  const declared = declaredFaults(aws.directory);
  process.stdout.write(declared.length === 0 ? "no faults are injected\n" : declared.map((fault) => `${formatFault(fault)}\n`).join(""));
  return 0;
}

/** The services and kinds in which two inventories differ, each with the items that only the second inventory has. */
function difference(before: Partial<Record<string, Partial<Inventory[string]>>>, after: Inventory): string[] {
  return Object.entries(after).flatMap(([service, kinds]) =>
    Object.entries(kinds)
      .filter(([kind, items]) => !isDeepStrictEqual(items, before[service]?.[kind]))
      .map(([kind, items]) => `${service} ${kind}: ${JSON.stringify(items.filter((item) => !contains(before[service]?.[kind], item)))}`),
  );
}

function contains(items: unknown[] | undefined, wanted: unknown): boolean {
  return items?.some((item) => isDeepStrictEqual(item, wanted)) ?? false;
}

function say(text: string, started: number): void {
  process.stdout.write(`[${((Date.now() - started) / 1000).toFixed(0)} s] ${text}\n`);
}

const commands: Partial<Record<string, (...args: string[]) => Promise<number>>> = { up, down, status, faults };

async function main(): Promise<number> {
  const [name = "", ...rest] = process.argv.slice(2);
  if (name === "--help" || name === "help") {
    process.stdout.write(usage);
    return 0;
  }
  const command = name === "up" || rest.length <= (name === "faults" ? 1 : 0) ? commands[name] : undefined;
  if (command === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  return command(...rest);
}

runMain(main);
