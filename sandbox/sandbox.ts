import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { attachAws, type CoreOsStream, type EmulatedAws, imagesOfStream, inventory, type Inventory, startAws } from "./aws";
import { chooseNode, nodeChoiceOf, simulatorTools, startSimulator, stopSimulator } from "./cluster";
import { cleanEnvironment, sandboxEnvironmentFile } from "./environment";
import { linkTools } from "./links";
import { forgetToolchain, rememberedToolchain, rememberToolchain } from "./remembered-toolchain";
import { forgetStack } from "./running-stack";
import { ensureToolchain, type Toolchain } from "./toolchain";

const run = promisify(execFile);

/** Tools for the infrastructure, and for the instances that boot in it. */
export const sandboxTools = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-pulumi-nodejs",
  "pulumi-resource-aws",
  "pulumi-resource-command",
  "pulumi-resource-kubernetes",
  "openshift-install",
  "moto",
  "kubectl",
  ...simulatorTools,
] as const;

export type SandboxToolchain = Toolchain<(typeof sandboxTools)[number]>;

/** The project's root, from which Pulumi is run. */
export const projectDirectory = dirname(__dirname);

/** Domains with a public hosted zone in the emulated account, as a user would have them. */
const baseDomains = ["okd.example.com"];

/** Regions of the emulated account and of its inventory: the default region, and one without images for tests that need such a region. */
const regions = ["us-east-1", "eu-central-1"] as const;

/**
 * The passphrase that encrypts the secrets in the sandbox's state. It need not be secret: everything that it protects belongs to an
 * emulated account. The `encryptionsalt` in Pulumi.dev.yaml and Pulumi.services.yaml was made with this passphrase.
 */
const passphrase = "sandbox";

export interface SandboxOptions {
  /** Whether instances boot. If false, they are only records in the emulated account. */
  readonly machines?: boolean;
  /**
   * Whether a real kubelet runs the example application's pods in containers, if this process can do that: as root on Linux. Otherwise kwok serves
   * them. `simulator.log` says which. @default false
   */
  readonly realKubelet?: boolean;
  /** Only for previews of empty stacks: the sandbox starts five times as fast, because it creates no AMIs and does not record the account's first inventory. */
  readonly previewsOnly?: boolean;
}

/** An environment in which the real Pulumi engine runs against an emulated AWS: tools, the account, and Pulumi's state. */
export class Sandbox {
  private constructor(
    readonly directory: string,
    readonly toolchain: SandboxToolchain,
    readonly aws: EmulatedAws,
    /** Whether the emulated account is new. If it is, a Pulumi state of an earlier account would describe resources that no longer exist. */
    readonly fresh: boolean,
  ) {
    this.programs = linkTools(toolchain, directory, this.pulumiHome);
  }

  /** Directory to put before PATH. */
  private readonly programs: string;

  /** Opens the sandbox in a directory: attaches to its running AWS, with the tools that it was started with, or starts a new one. */
  static async open(
    directory: string,
    { machines = true, previewsOnly = false, realKubelet = false }: SandboxOptions = {},
  ): Promise<Sandbox> {
    const root = resolve(directory);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const running = await attachAws(join(root, "aws"));
    const toolchain = (running && rememberedToolchain(root, sandboxTools)) ?? (await ensureToolchain(sandboxTools));
    rememberToolchain(root, toolchain);
    const aws = running ?? (await Sandbox.startAws(root, toolchain, !previewsOnly));
    const sandbox = new Sandbox(root, toolchain, aws, running === undefined);
    if (sandbox.fresh) await sandbox.initialiseState(!previewsOnly);
    if (machines) await sandbox.startSimulator(realKubelet);
    writeFileSync(join(root, "env"), sandboxEnvironmentFile(sandbox.environment, sandbox.programs), { mode: 0o600 });
    return sandbox;
  }

  /** The sandbox that runs in a directory; undefined if none does. */
  static async attach(directory: string): Promise<Sandbox | undefined> {
    return (await attachAws(join(resolve(directory), "aws"))) && Sandbox.open(directory);
  }

  /** Which kubelet runs the pods of the simulated cluster, and why, for people. */
  get kubelet(): string {
    const node = nodeChoiceOf(this.clusterDirectory);
    if (node === undefined) return "kwok serves all pods";
    return "problem" in node
      ? `kwok serves all pods: ${node.problem}`
      : `a real kubelet serves the pods of the example application; if it does not start, ${join(this.clusterDirectory, "simulator.log")} says why, and kwok serves them`;
  }

  /** Path of the administrator's kubeconfig. The file is written when the cluster is up. */
  get kubeconfig(): string {
    return join(this.directory, "kubeconfig");
  }

  /** Variables that point pulumi, aws and kubectl at the sandbox. */
  get environment(): Record<string, string> {
    return {
      ...this.toolchain.environment,
      ...this.aws.environment,
      AWS_REGION: regions[0],
      AWS_DEFAULT_REGION: regions[0],
      KUBECONFIG: this.kubeconfig,
      // The stand-in for getent reads this file.
      OKD_SANDBOX_SIMULATOR: join(this.clusterDirectory, "simulator.json"),
      PULUMI_HOME: this.pulumiHome,
      // Without `metadata=skip`, Pulumi writes a second file with attributes for each file. If an update is killed during that write, Pulumi can no longer
      // read the state (gocloud.dev, `blob/fileblob`, "metadata").
      PULUMI_BACKEND_URL: `file://${join(this.directory, "state")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Number of parallel operations. The Pulumi engine's default is four per core (pulumi/pulumi, `pkg/cmd/pulumi/operations`).
      // On two cores the many quick creations would delay the few slow ones, which need no core at all.
      PULUMI_PARALLEL: "32",
      // An Output in a template literal becomes an error. Otherwise Pulumi would put an error text into an instance's configuration.
      PULUMI_ERROR_OUTPUT_STRING: "true",
    };
  }

  /** The environment of a program that runs in the sandbox. */
  get processEnvironment(): NodeJS.ProcessEnv {
    const clean = cleanEnvironment(process.env);
    return { ...clean, ...this.environment, PATH: `${this.programs}:${clean.PATH ?? ""}` };
  }

  /** All resources of the emulated account. */
  async inventory(): Promise<Inventory> {
    return inventory(this.aws, [...regions]);
  }

  /** The inventory of the account when it was new. */
  baseline(): Inventory {
    return JSON.parse(readFileSync(join(this.directory, "baseline.json"), "utf8")) as Inventory;
  }

  /** Stops the instances and the emulated AWS, and deletes Pulumi's state, whose resources are gone as well. Logs are kept. */
  async close(): Promise<void> {
    await stopSimulator(this.clusterDirectory);
    await this.aws.stop();
    for (const name of ["state", "env", "kubeconfig", "baseline.json"])
      rmSync(join(this.directory, name), { recursive: true, force: true });
    forgetToolchain(this.directory);
    forgetStack(this.directory);
  }

  /** Directory of the simulator: its log, its report about every instance (`status.json`), and the clusters. */
  private get clusterDirectory(): string {
    return join(this.directory, "cluster");
  }

  private async startSimulator(realKubelet: boolean): Promise<void> {
    const programs = { ...this.toolchain.tools, "openshift-install": join(this.programs, "openshift-install") };
    await startSimulator(
      this.clusterDirectory,
      {
        aws: this.aws.directory,
        regions,
        programs,
        definitions: programs["openshift-definitions"],
        ...(realKubelet && { node: await chooseNode() }),
      },
      this.processEnvironment,
    );
  }

  private get pulumiHome(): string {
    return join(this.directory, "pulumi");
  }

  private static async startAws(root: string, toolchain: SandboxToolchain, withImages: boolean): Promise<EmulatedAws> {
    const images = withImages ? imagesOfStream(await Sandbox.coreOsStream(toolchain)) : {};
    const seed = { images, zones: baseDomains };
    return startAws({ directory: join(root, "aws"), python: toolchain.tools.moto, seed });
  }

  private static async coreOsStream(toolchain: SandboxToolchain): Promise<CoreOsStream> {
    const { stdout } = await run(toolchain.tools["openshift-install"], ["coreos", "print-stream-json"], {
      env: { ...cleanEnvironment(process.env), ...toolchain.environment },
      maxBuffer: 16 * 1024 * 1024,
    });
    return JSON.parse(stdout) as CoreOsStream;
  }

  private async initialiseState(baseline: boolean): Promise<void> {
    const state = join(this.directory, "state");
    if (existsSync(state)) rmSync(state, { recursive: true });
    mkdirSync(state, { recursive: true, mode: 0o700 });
    if (baseline) writeFileSync(join(this.directory, "baseline.json"), JSON.stringify(await this.inventory()), { mode: 0o600 });
  }
}
