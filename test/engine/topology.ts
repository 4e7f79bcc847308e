import { execFile } from "node:child_process";
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { dump, load } from "js-yaml";
import { endProcessesOf, projectDirectory, pulumi, type PulumiResult, Sandbox } from "@okd-aws/sandbox";
import type { Inventory } from "@okd-aws/sandbox/aws";
import { decodeFiles } from "../../ignition/file-transfer";

const run = promisify(execFile);

/** A stack's configuration by key. Keys without a namespace belong to the project. */
export type StackConfiguration = Readonly<Record<string, unknown>>;

/** One operation of `pulumi preview --json`. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  /** Properties whose change replaces the resource. */
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

/** The part of the Pulumi engine's state that the tests read. */
export interface State {
  readonly deployment: { readonly resources?: readonly StateResource[] };
}

/** Milliseconds after which a command counts as hanging. The longest command, an `up`, takes two minutes on an idle machine. */
const timeout = 8 * 60_000;

/**
 * The infrastructure of a stack of the project in its own sandbox, `.sandbox/test/<name>`. The real engine runs from the project's root. By
 * default no instance boots there and no command waits for one: every operation excludes the resources that depend on booted instances.
 */
export class Topology {
  private readonly running = new Set<number>();

  /** Variables in addition to the sandbox's for all further commands, such as other credentials. */
  environment: NodeJS.ProcessEnv = {};

  private constructor(
    readonly name: string,
    readonly sandbox: Sandbox,
    private readonly machines: boolean,
  ) {}

  /**
   * Opens a fresh sandbox and creates an empty stack. A sandbox that an interrupted test left is closed first.
   *
   * @param machines whether instances boot, and operations wait until they are a cluster
   * @param realKubelet whether a real kubelet runs the example application, if this process can do that
   */
  static async open(name: string, { machines = false, realKubelet = false } = {}): Promise<Topology> {
    const directory = join(projectDirectory, ".sandbox", "test", name);
    const left = await Sandbox.attach(directory);
    if (left !== undefined) await end(left);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    copyFileSync(join(projectDirectory, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
    return new Topology(name, await Sandbox.open(directory, { machines, realKubelet }), machines).beside(name);
  }

  /** Another empty stack in the same account. */
  async beside(name: string): Promise<Topology> {
    const topology = new Topology(name, this.sandbox, this.machines);
    // Runs in the sandbox's directory, so that the stack file with its salt is written there and not into the project.
    await topology.ok(["stack", "init", name, "--no-select"], { cwd: this.sandbox.directory });
    return topology;
  }

  get stackFile(): string {
    return join(this.sandbox.directory, `Pulumi.${this.name}.yaml`);
  }

  /** Replaces the stack's configuration, with encrypted secrets. */
  async configure(configuration: StackConfiguration, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
    // This stack gets the dev stack's encryption salt, so it can decrypt secrets copied from Pulumi.dev.yaml.
    const { encryptionsalt } = load(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as { encryptionsalt: string };
    const config = Object.fromEntries(
      Object.entries(configuration).map(([key, value]) => [key.includes(":") ? key : `okd-aws:${key}`, value]),
    );
    writeFileSync(this.stackFile, dump({ config, encryptionsalt }));
    for (const [key, input] of Object.entries(secrets)) await this.ok(["config", "set", "--secret", key, ...this.target], { input });
  }

  /** Runs a Pulumi command on the stack, and stops it if it hangs. */
  async run(args: readonly string[]): Promise<PulumiResult> {
    return this.bounded([...args, ...this.target]);
  }

  async up(): Promise<PulumiResult> {
    return this.ok(["up", "--yes", "--skip-preview", "--suppress-progress", ...this.scope]);
  }

  /** @throws Error with the changes if a preview finds any */
  async expectNoChanges(): Promise<void> {
    if (this.machines) await this.ok(["preview", "--expect-no-changes", "--diff", ...this.scope]);
    else {
      const changes = await this.preview();
      if (changes.length > 0) throw new Error(`no changes were expected:\n${JSON.stringify(changes, undefined, 2)}`);
    }
  }

  /** @throws Error with the difference if a refresh finds one */
  async expectNoDrift(): Promise<void> {
    await this.ok(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--diff", ...this.target]);
  }

  async destroy(): Promise<PulumiResult> {
    return this.ok(["destroy", "--yes", "--skip-preview", "--suppress-progress", ...this.target]);
  }

  /**
   * The operations that an `up` of the program, or of another program, would make. Unchanged resources are omitted; so is the provider of a
   * cluster that is not installed, which changes when the cluster's address becomes known: the Pulumi engine cannot exclude a provider.
   */
  async preview(program = projectDirectory): Promise<PreviewStep[]> {
    const { stdout } = await this.ok(["preview", "--json", ...this.scope], { cwd: program });
    const { steps } = JSON.parse(stdout) as { steps: PreviewStep[] };
    const isProvider = (urn: string) => !this.machines && urn.endsWith("::pulumi:providers:kubernetes::cluster-api");
    return steps.filter(({ op, urn }) => op !== "same" && op !== "read" && !isProvider(urn));
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.ok(["stack", "output", "--json", "--show-secrets", "--stack", this.name]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The stack's state as it is stored, with encrypted secrets. */
  async state(): Promise<State> {
    return JSON.parse((await this.ok(["stack", "export", "--stack", this.name])).stdout) as State;
  }

  /** The files of openshift-install in the state. */
  async installerFiles(): Promise<Record<string, string>> {
    const state = JSON.parse((await this.ok(["stack", "export", "--show-secrets", "--stack", this.name])).stdout) as State;
    const step = state.deployment.resources?.find(({ urn }) => urn.endsWith("::installation-ignition"));
    // The Pulumi engine exports a secret as JSON in an envelope.
    const { plaintext } = step?.outputs?.stdout as { plaintext: string };
    return decodeFiles(JSON.parse(plaintext) as string);
  }

  async inventory(): Promise<Inventory> {
    return this.sandbox.inventory();
  }

  /** Runs Python with boto3 in the emulated account. The script prints JSON. */
  async boto(script: string, ...args: readonly string[]): Promise<unknown> {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, AWS_DEFAULT_REGION: "us-east-1", ...this.sandbox.aws.environment };
    const { stdout } = await run(this.sandbox.aws.python, ["-c", `import boto3, json, sys\n${script}`, ...args], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  }

  /** All files below the sandbox's directory. */
  files(): string[] {
    const { directory } = this.sandbox;
    return readdirSync(directory, { recursive: true, encoding: "utf8" })
      .map((name) => join(directory, name))
      .filter((file) => lstatSync(file).isFile());
  }

  /** Stops every process of the sandbox, also after a failed test. */
  async close(): Promise<void> {
    for (const pid of this.running) process.kill(-pid, "SIGKILL");
    await end(this.sandbox);
  }

  /** Options that exclude everything that waits for booted instances. */
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
    // The first signal lets the Pulumi engine stop its plugins. A second signal, from `close`, is for a Pulumi engine that ignored the first.
    const timer = setTimeout(() => pid !== undefined && process.kill(pid, "SIGINT"), timeout);
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

/** Stops the emulated AWS, and the processes that a killed engine left running. */
async function end(sandbox: Sandbox): Promise<void> {
  endProcessesOf(sandbox);
  await sandbox.close();
}
