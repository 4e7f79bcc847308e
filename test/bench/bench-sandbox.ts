import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { projectDirectory, pulumi, type PulumiResult, Sandbox } from "@okd-aws/sandbox";
import { infrastructureOf } from "../facts/dev-stack";
import { EventLog, type Span } from "./event-log";

/** Time limit of one run, so that the bench ends even if the program under test does not. */
const MAX_RUN_MILLISECONDS = 12 * 60_000;

/** One measured run of Pulumi. */
export interface Run {
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** Processor time of the Node process that ran the program. */
  readonly cpuSeconds: number;
  /** Peak memory in MB of the Node process that ran the program. */
  readonly peakMegabytes: number;
  readonly stdout: string;
  /** The Pulumi engine's operations; empty for a preview. */
  readonly spans: readonly Span[];
}

/** A program whose runs the bench measures, with its stack and the stack's configuration file. */
export interface MeasuredProgram {
  readonly stack: string;
  readonly directory: string;
  readonly configFile: string;
}

const benchDirectory = join(projectDirectory, ".sandbox", "bench");

/** The dev stack without its installer host and without the configuration of its cluster: only its infrastructure is measured. */
export const infrastructureStack: MeasuredProgram = {
  stack: "dev",
  directory: projectDirectory,
  configFile: join(benchDirectory, "Pulumi.dev.yaml"),
};

/** The dev stack as committed. It needs a sandbox in which instances boot. */
export const installedStack: MeasuredProgram = { ...infrastructureStack, configFile: join(benchDirectory, "Pulumi.installed.yaml") };

/** The stack with all services, as committed. It needs a sandbox in which instances boot. */
export const installedServicesStack: MeasuredProgram = {
  stack: "services",
  directory: projectDirectory,
  configFile: join(benchDirectory, "Pulumi.services.yaml"),
};

/** Arguments that exclude every resource that waits for an instance. In a sandbox without simulated instances these would wait until they time out. */
const excludeInstallation = ["--exclude", "urn:pulumi:dev::okd-aws::command:local:Command::bootstrap-complete", "--exclude-dependents"];

const baselineDirectory = join(__dirname, "baseline");

/** A program that sends one request to AWS and declares nothing. */
export const baseline: MeasuredProgram = {
  stack: "baseline",
  directory: baselineDirectory,
  configFile: join(baselineDirectory, "Pulumi.baseline.yaml"),
};

/** The bench's sandbox, in which runs are measured. */
export class BenchSandbox {
  private running: number | undefined;

  private constructor(readonly sandbox: Sandbox) {}

  /** Opens a new sandbox. Stops the one that an interrupted bench left behind. */
  static async open({ machines = false } = {}): Promise<BenchSandbox> {
    await (await Sandbox.attach(benchDirectory))?.close();
    const bench = new BenchSandbox(await Sandbox.open(benchDirectory, { machines }));
    mkdirSync(bench.notes, { recursive: true });
    const committed = readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8");
    writeFileSync(installedStack.configFile, committed);
    const { config, ...rest } = load(committed) as { readonly config: Readonly<Record<string, unknown>> };
    writeFileSync(infrastructureStack.configFile, dump({ config: infrastructureOf(config), ...rest }));
    for (const { stack, directory } of [infrastructureStack, baseline])
      await bench.pulumiOk(["stack", "select", stack, "--create"], directory);
    return bench;
  }

  /** Creates a stack with a copy of its committed configuration. */
  async create({ stack, directory, configFile }: MeasuredProgram): Promise<void> {
    writeFileSync(configFile, readFileSync(join(projectDirectory, `Pulumi.${stack}.yaml`)));
    await this.pulumiOk(["stack", "select", stack, "--create"], directory);
  }

  /** Runs `pulumi up` or `pulumi preview` of a program, and measures the run. */
  async measure(command: "up" | "preview", program: MeasuredProgram, args: readonly string[] = []): Promise<Run> {
    const log = command === "up" ? new EventLog(join(this.notes, "events.jsonl")) : undefined;
    const probeFile = join(this.notes, "program.json");
    rmSync(probeFile, { force: true });
    const begin = performance.now();
    const { stdout } = await this.pulumiOk(
      [
        command,
        ...["--stack", program.stack, "--config-file", program.configFile, "--suppress-progress"],
        ...(log ? ["--yes", "--skip-preview", "--event-log", log.file] : []),
        ...(program.stack === infrastructureStack.stack && program !== installedStack ? excludeInstallation : []),
        ...args,
      ],
      program.directory,
    );
    const seconds = (performance.now() - begin) / 1000;
    const note = JSON.parse(readFileSync(probeFile, "utf8")) as Pick<Run, "cpuSeconds" | "peakMegabytes">;
    return { seconds, ...note, stdout, spans: log?.end() ?? [] };
  }

  /** The standard output of a `pulumi` command on a program's stack. */
  async output(program: MeasuredProgram, args: readonly string[]): Promise<string> {
    return (await this.pulumiOk([...args, "--stack", program.stack], program.directory)).stdout;
  }

  /** The dev stack with this number of workers, in a separate configuration file. */
  withWorkers(count: number): MeasuredProgram {
    const configFile = join(this.notes, `Pulumi.workers-${count}.yaml`);
    const text = readFileSync(infrastructureStack.configFile, "utf8");
    writeFileSync(configFile, text.replace(/^( +okd-aws:workerCount:).*$/m, `$1 "${count}"`));
    return { ...infrastructureStack, configFile };
  }

  /** Size of the state file, which the Pulumi engine writes again after every step. */
  stateBytes(): number {
    return statSync(join(this.sandbox.directory, "state", ".pulumi", "stacks", "okd-aws", "dev.json")).size;
  }

  /** Processor time of the emulated AWS so far, in seconds. */
  emulatorSeconds(): number {
    const { pid } = JSON.parse(readFileSync(join(this.sandbox.directory, "aws", "emulator.pid"), "utf8")) as { pid: number };
    // User and system time in hundredths of a second, the 12th and 13th field after the name in brackets (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** Kills a run that has not ended, and stops the sandbox. */
  async close(): Promise<void> {
    if (this.running !== undefined) end(this.running);
    await this.sandbox.close();
  }

  private get notes(): string {
    return join(this.sandbox.directory, "notes");
  }

  private async pulumiOk(args: readonly string[], cwd: string): Promise<PulumiResult> {
    let timer: NodeJS.Timeout | undefined;
    const onStart = (pid: number) => {
      this.running = pid;
      timer = setTimeout(() => {
        end(pid);
      }, MAX_RUN_MILLISECONDS);
    };
    const environment = {
      PULUMI_DEBUG_COMMANDS: "true", // enables --event-log
      NODE_OPTIONS: `--require ${join(__dirname, "probe.js")}`,
      OKD_BENCH_PROBE: this.notes,
    };
    const result = await pulumi(this.sandbox, args, { cwd, environment, onStart });
    clearTimeout(timer);
    this.running = undefined;
    if (result.code === 0) return result;
    throw new Error(`pulumi ${args.join(" ")} ended with exit code ${result.code}:\n${result.stdout}\n${result.stderr}`);
  }
}

/** Kills a run with everything that it started, which is in the run's own process group. */
function end(pid: number): void {
  if (existsSync(`/proc/${pid}`)) process.kill(-pid, "SIGKILL");
}
