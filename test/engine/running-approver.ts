import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApproverConfigurationInput } from "../../steps/certificate-approver/configuration";

/** A line of the approver's log. */
export type ApproverLogLine = Readonly<Partial<Record<string, string>>>;

/** Milliseconds that tests wait for an action of the approver. */
const timeout = 45_000;

/** The approver's bundle, `approver.js` in a directory, as a process with its log and its status file. Tests start and stop it. */
export class RunningApprover {
  readonly log: ApproverLogLine[] = [];
  private child: ChildProcess | undefined;

  constructor(private readonly directory: string) {}

  start(configuration: ApproverConfigurationInput, environment: NodeJS.ProcessEnv): void {
    writeFileSync(this.file("config.json"), JSON.stringify(configuration));
    const args = [this.file("approver.js"), "--config", this.file("config.json")];
    const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...environment }, cwd: this.directory });
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      this.log.push(...lines.map((line) => JSON.parse(line) as ApproverLogLine));
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => this.log.push({ event: "stderr", message: part }));
    this.child = child;
  }

  async stop(): Promise<number | null> {
    const child = this.child as ChildProcess;
    const code = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    return code;
  }

  /** Kills the process, also after a failed test. */
  kill(): void {
    if (this.child?.exitCode === null) this.child.kill("SIGKILL");
  }

  /** Runs the program with other arguments until it exits. */
  async runToEnd(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
    const env = { PATH: process.env.PATH };
    const child = spawn(process.execPath, [this.file("approver.js"), ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stderr };
  }

  /** Waits for the first line of the log with these fields. */
  async logged(fields: ApproverLogLine): Promise<ApproverLogLine> {
    return this.within(`log ${JSON.stringify(fields)}`, () =>
      this.log.find((each) => Object.entries(fields).every(([key, value]) => each[key] === value)),
    );
  }

  /** Waits until the status file reports the state. Returns the reason in the file. */
  async status(state: string): Promise<string> {
    return this.within(`say that it is ${state}`, () => {
      if (!existsSync(this.file("status"))) return undefined;
      const [head, reason] = readFileSync(this.file("status"), "utf8").split("\n");
      const [time, found] = head.split(" ");
      return found === state && Math.abs(Date.now() / 1000 - Number(time)) < 60 ? reason : undefined;
    });
  }

  /** Calls `look` until it returns a value, and returns the value. */
  async within<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (const deadline = Date.now() + timeout; Date.now() < deadline;) {
      await sleep(100);
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error(`the approver did not ${what}, but logged\n${this.log.map((line) => JSON.stringify(line)).join("\n")}`);
  }

  private file(name: string): string {
    return join(this.directory, name);
  }
}
