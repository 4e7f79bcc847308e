import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcessesOf, pulumi, pulumiOk, type PulumiResult, Sandbox } from "@okd-aws/sandbox";
import type { Inventory } from "@okd-aws/sandbox/aws";
import { EventLog, type Span } from "../bench/event-log";
import { Checkout } from "../engine/checkout";

/** The result of a `make`, available as soon as `make` itself ends. The Pulumi engine of a killed `make` may still run then. */
export interface MakeResult {
  readonly code: number | null;
  readonly text: string;
  readonly seconds: number;
}

/** One `pulumi up`, with the times of the Pulumi engine's operations. */
export interface Update extends PulumiResult {
  readonly seconds: number;
  readonly spans: readonly Span[];
}

/** A variable in the environment of every process of one `make`. It identifies the processes even after their parents have ended. */
const runVariable = "OKD_CAMPAIGN_RUN";

/** A copy of the project and a sandbox with simulated instances, in which `make` brings up the dev stack as a user would. */
export class Site {
  /** The dev stack, and the domain of its cluster. */
  static readonly stack = "dev";
  static readonly domain = "dev.okd.example.com";
  private runs = 0;

  private constructor(
    readonly checkout: Checkout,
    readonly sandbox: Sandbox,
  ) {}

  static async open(): Promise<Site> {
    const checkout = new Checkout();
    const site = new Site(checkout, await Sandbox.open(join(checkout.directory, ".sandbox")));
    mkdirSync(site.scratch, { mode: 0o700 });
    return site;
  }

  get directory(): string {
    return this.checkout.directory;
  }

  /** TMPDIR of the commands that the campaign runs. A file that is still there after a command has ended is a leftover of that command. */
  private get scratch(): string {
    return join(this.sandbox.directory, "tmp");
  }

  /** Sets a key that the stack file already has. */
  configure(key: string, value: string): void {
    const file = join(this.directory, "Pulumi.dev.yaml");
    const text = readFileSync(file, "utf8");
    const line = new RegExp(`^( +okd-aws:${key}:).*$`, "m");
    if (!line.test(text)) throw new Error(`Pulumi.dev.yaml does not set ${key}`);
    writeFileSync(file, text.replace(line, `$1 "${value}"`));
  }

  /** Sets a key, whether or not the stack file has it. */
  async set(key: string, value: string, kind: "plaintext" | "secret" = "plaintext"): Promise<void> {
    const args = ["config", "set", `--${kind}`, key, "--stack", Site.stack];
    await pulumiOk(this.sandbox, args, { cwd: this.directory, input: value });
  }

  /**
   * Runs a target of the Makefile on the dev stack.
   *
   * @param meanwhile called ten times a second with the output so far; it returns true to get no further calls
   */
  async make(target: string, meanwhile: (printed: string, run: string) => boolean = () => true): Promise<MakeResult> {
    const run = `${process.pid}-${++this.runs}`;
    const begin = performance.now();
    const child = spawn("make", ["--no-print-directory", ...target.split(" ")], {
      cwd: this.directory,
      env: { ...this.sandbox.processEnvironment, TMPDIR: this.scratch, [runVariable]: run },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    const timer = setInterval(() => {
      if (meanwhile(text, run)) clearInterval(timer);
    }, 100);
    try {
      const code = await ended(child);
      return { code, text, seconds: (performance.now() - begin) / 1000 };
    } finally {
      clearInterval(timer);
    }
  }

  /** Runs a target that must succeed, with the arguments that it needs. */
  async makeOk(target: "up" | "destroy" | "rebuild"): Promise<MakeResult> {
    const made = await this.make(`${target} STACK=${Site.stack} ${target === "up" ? "YES=1" : `CONFIRM=${Site.domain}`}`);
    if (made.code !== 0)
      throw new Error(`make ${target} ended with exit code ${made.code}:\n${made.text}\n${this.simulatorLog().slice(-4000)}`);
    return made;
  }

  /** Processes of a run of `make`, with their command lines. */
  processes(run: string): { readonly pid: number; readonly command: string }[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          if (!readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(`${runVariable}=${run}`)) return [];
          return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim() }];
        } catch {
          return []; // The process ended in the meantime.
        }
      });
  }

  /** Runs `pulumi up`; a failure does not throw. */
  async update(...args: readonly string[]): Promise<Update> {
    const log = new EventLog(join(this.sandbox.directory, "events.jsonl"));
    const begin = performance.now();
    const result = await this.pulumi(
      ["up", "--yes", "--skip-preview", "--suppress-progress", "--event-log", log.file, ...args],
      { PULUMI_DEBUG_COMMANDS: "true" }, // has --event-log
    );
    return { ...result, seconds: (performance.now() - begin) / 1000, spans: log.end() };
  }

  /** Runs a Pulumi command on the dev stack; a failure does not throw. */
  pulumi(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<PulumiResult> {
    return pulumi(this.sandbox, [...args, "--stack", Site.stack], { cwd: this.directory, environment });
  }

  /** The output of a Pulumi command that must succeed. */
  async said(...args: readonly string[]): Promise<string> {
    return (await pulumiOk(this.sandbox, [...args, "--stack", Site.stack], { cwd: this.directory })).stdout;
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.said("stack", "output", "--json", "--show-secrets")) as Record<string, unknown>;
  }

  inventory(): Promise<Inventory> {
    return this.sandbox.inventory();
  }

  /** The emulated AWS's record of calls, one call a line. */
  calls(): string {
    return readFileSync(this.sandbox.aws.callsFile, "utf8");
  }

  simulatorLog(): string {
    const file = join(this.sandbox.directory, "cluster", "simulator.log");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Waits until the instances have seen all earlier changes in AWS: they read AWS every second, and the reading takes time. */
  async waitForInstancesToReadAws(): Promise<void> {
    await sleep(8000);
  }

  /** Stops everything, and removes the copy. */
  async close(): Promise<void> {
    endProcessesOf(this.sandbox);
    await this.sandbox.close();
    this.checkout.remove();
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // Waits for `exit`, not for `close`: the Pulumi engine of a killed driver may keep the pipes open.
    child.once("exit", (code) => setTimeout(resolve, 200, code));
  });
}
