import { execFile } from "node:child_process";
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { dump, load } from "js-yaml";
import { decodeFiles } from "../../ignition/file-transfer";
import type { Inventory } from "../../sandbox/aws";
import { endProcessesOf } from "../../sandbox/interrupted";
import { pulumi, type PulumiResult } from "../../sandbox/pulumi";
import { projectDirectory, Sandbox } from "../../sandbox/sandbox";

const run = promisify(execFile);

/** A stack's configuration, by key; keys without a namespace are the project's own. */
export type StackConfiguration = Readonly<Record<string, unknown>>;

/** One operation of `pulumi preview --json`. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** Properties for which the resource would be replaced. */
  readonly replaceReasons?: readonly string[];
  readonly newState?: { readonly type: string };
  readonly oldState?: { readonly type: string };
}

interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly custom?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The part of the engine's state that is read here. */
export interface State {
  readonly deployment: { readonly resources?: readonly StateResource[] };
}

/** Milliseconds after which a command counts as hanging; the longest, an `up`, takes two minutes on a free machine. */
const patience = 8 * 60_000;

/**
 * The infrastructure of a stack of the project, in a sandbox of its own, `.sandbox/test/<name>`, run by the real engine from the project's
 * root. Unless machines are asked for, none boots there, and nothing waits for one: what comes after the machines is left out of every operation.
 */
export class Topology {
  private readonly running = new Set<number>();

  /** Variables besides the sandbox's, for every command from now on: other credentials, for instance. */
  environment: NodeJS.ProcessEnv = {};

  private constructor(
    readonly name: string,
    readonly sandbox: Sandbox,
    private readonly machines: boolean,
  ) {}

  /**
   * Opens a fresh sandbox, ending one that an interrupted test left behind, and makes an empty stack in it.
   *
   * @param machines whether machines boot, and operations go on until they are a cluster
   */
  static async open(name: string, { machines = false } = {}): Promise<Topology> {
    const directory = join(projectDirectory, ".sandbox", "test", name);
    const left = await Sandbox.attach(directory);
    if (left !== undefined) await end(left);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    copyFileSync(join(projectDirectory, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
    return new Topology(name, await Sandbox.open(directory, { machines }), machines).beside(name);
  }

  /** Another stack, empty as yet, in the same account. */
  async beside(name: string): Promise<Topology> {
    const topology = new Topology(name, this.sandbox, this.machines);
    // Made from the sandbox's directory, so that the stack's file with its salt is written there and not beside the project's own.
    await topology.ok(["stack", "init", name, "--no-select"], { cwd: this.sandbox.directory });
    return topology;
  }

  get stackFile(): string {
    return join(this.sandbox.directory, `Pulumi.${this.name}.yaml`);
  }

  /** Replaces the stack's configuration; secrets are stored encrypted. */
  async configure(configuration: StackConfiguration, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
    // The dev stack's, so that secrets of its file can be read in others, too: the passphrase is the same.
    const { encryptionsalt } = load(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as { encryptionsalt: string };
    const config = Object.fromEntries(
      Object.entries(configuration).map(([key, value]) => [key.includes(":") ? key : `okd-aws:${key}`, value]),
    );
    writeFileSync(this.stackFile, dump({ config, encryptionsalt }));
    for (const [key, input] of Object.entries(secrets)) await this.ok(["config", "set", "--secret", key, ...this.target], { input });
  }

  /** Runs a Pulumi command on the stack, and ends it when it hangs. */
  async run(args: readonly string[]): Promise<PulumiResult> {
    return this.bounded([...args, ...this.target]);
  }

  async up(): Promise<PulumiResult> {
    return this.ok(["up", "--yes", "--skip-preview", "--suppress-progress", ...this.scope]);
  }

  /** @throws Error with the difference when a preview finds one. */
  async expectNoChanges(): Promise<void> {
    if (this.machines) await this.ok(["preview", "--expect-no-changes", "--diff", ...this.scope]);
    else {
      // The engine leaves no provider out, and this one is to learn where the cluster is, when there is one.
      const changes = (await this.preview()).filter(({ urn }) => !urn.endsWith("::pulumi:providers:kubernetes::cluster-api"));
      if (changes.length > 0) throw new Error(`no changes were expected:\n${JSON.stringify(changes, undefined, 2)}`);
    }
  }

  /** @throws Error with the difference when a refresh finds one. */
  async expectNoDrift(): Promise<void> {
    await this.ok(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--diff", ...this.target]);
  }

  async destroy(): Promise<PulumiResult> {
    return this.ok(["destroy", "--yes", "--skip-preview", "--suppress-progress", ...this.target]);
  }

  /** What an `up` of the program, or of another one, would do: all operations that change something. */
  async preview(program = projectDirectory): Promise<Step[]> {
    const { stdout } = await this.ok(["preview", "--json", ...this.scope], { cwd: program });
    return (JSON.parse(stdout) as { steps: Step[] }).steps.filter(({ op }) => op !== "same" && op !== "read");
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.ok(["stack", "output", "--json", "--show-secrets", "--stack", this.name]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The stack's state as it is stored, secrets encrypted. */
  async state(): Promise<State> {
    return JSON.parse((await this.ok(["stack", "export", "--stack", this.name])).stdout) as State;
  }

  /** The files that openshift-install wrote, as the state has them. */
  async installerFiles(): Promise<Record<string, string>> {
    const state = JSON.parse((await this.ok(["stack", "export", "--show-secrets", "--stack", this.name])).stdout) as State;
    const step = state.deployment.resources?.find(({ urn }) => urn.endsWith("::installation-ignition"));
    // A secret is its JSON inside an envelope, as the engine exports it.
    const { plaintext } = step?.outputs?.stdout as { plaintext: string };
    return decodeFiles(JSON.parse(plaintext) as string);
  }

  async inventory(): Promise<Inventory> {
    return this.sandbox.inventory();
  }

  /** Runs Python with boto3 in the emulated account; the script prints JSON. */
  async boto(script: string, ...args: readonly string[]): Promise<unknown> {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, AWS_DEFAULT_REGION: "us-east-1", ...this.sandbox.aws.environment };
    const { stdout } = await run(this.sandbox.aws.python, ["-c", `import boto3, json, sys\n${script}`, ...args], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  }

  /** Every file below the sandbox's directory. */
  files(): string[] {
    const { directory } = this.sandbox;
    return readdirSync(directory, { recursive: true, encoding: "utf8" })
      .map((name) => join(directory, name))
      .filter((file) => lstatSync(file).isFile());
  }

  /** Ends every process of the sandbox, whatever the test came to. */
  async close(): Promise<void> {
    for (const pid of this.running) process.kill(-pid, "SIGKILL");
    await end(this.sandbox);
  }

  /** Everything but what waits for the machines. */
  private get scope(): string[] {
    if (this.machines) return this.target;
    const first = `urn:pulumi:${this.name}::okd-aws::command:local:Command::bootstrap-complete`;
    return [...this.target, "--exclude", first, "--exclude-dependents"];
  }

  private get target(): string[] {
    return ["--stack", this.name, "--config-file", this.stackFile];
  }

  private async ok(args: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}): Promise<PulumiResult> {
    const result = await this.bounded(args, options);
    if (result.code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with exit code ${result.code}:\n${result.stdout}\n${result.stderr}`);
    }
    return result;
  }

  private async bounded(args: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}): Promise<PulumiResult> {
    let pid: number | undefined;
    // The first signal lets the engine end its plugins; the second, of the close, is for one that does not listen.
    const timer = setTimeout(() => pid !== undefined && process.kill(pid, "SIGINT"), patience);
    try {
      return await pulumi(this.sandbox, args, {
        ...options,
        environment: this.environment,
        onStart: (started) => {
          pid = started;
          this.running.add(started);
        },
      });
    } finally {
      clearTimeout(timer);
      if (pid !== undefined) this.running.delete(pid);
    }
  }
}

/** Ends what an engine left running, as only a killed one does, and the emulated AWS. */
async function end(sandbox: Sandbox): Promise<void> {
  endProcessesOf(sandbox);
  await sandbox.close();
}
