import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { type ConfigMap, type EngineEvent, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { messageOf } from "../../lib/aws/errors";
import { refuseConflictingSources } from "../../lib/aws/credential-sources";
import { engineDirectory } from "../../lib/pulumi/engine-directory";
import { type PackOptions, withPack } from "../policy/pack";
import { pulumiCli } from "../../lib/pulumi/cli";
import { refuseOldEngine } from "../../lib/pulumi/errors";
import { AwsAccount } from "../recovery/account";
import { removeDuplicates } from "../recovery/duplicates";
import { saysExists, saysGone } from "../recovery/lost-answer";
import { recover } from "../recovery/recover";
import type { StackState, StateResource } from "../recovery/state";
import type { Display } from "./display";
import { failureText } from "./failure-text";
import { forgetDrivers, recordDriver } from "./engine-record";
import { endInterrupted, lockHolders } from "./interrupted";
import { noteIn } from "./notes";
import type { UpdatePhase } from "./phases";
import { refuseAbsentFile, refuseWrongConfiguration, valuesOf } from "../stack-configuration";
import { resourceName } from "../../lib/pulumi/urn";
import { type EngineFailure, UpdateProgress } from "./progress";
import { credentialsProblem, type ExportedState, refuseOtherAccount } from "./stack-account";

/** Options of every command of the driver. */
export interface DriverOptions {
  readonly stack: string;
  /** Directory of Pulumi.yaml. */
  readonly workDir: string;
  readonly display: Display;
  /** If aborted, the Pulumi engine finishes the operations that it has begun, and begins no new operations. */
  readonly signal: AbortSignal;
}

/** Wrapper that runs `pulumi` in its own session and records it (`engine-record.ts`). */
const session = join(__dirname, "session");
const sessionPulumi = join(session, "bin", "pulumi");

/** The user cancelled. */
export class CancelledByUser extends Error {
  constructor(message = "cancelled: no resource is incomplete, and the same command continues from here") {
    super(message);
  }
}

/** One run of the driver on one stack, with its clock, its display and the Pulumi engine that it starts. */
export class DriverRun {
  private readonly began = Date.now();
  private configuration?: Promise<Partial<ConfigMap>>;
  /** The stack's AWS account; undefined before the credentials are checked. */
  private account?: AwsAccount;
  /** Messages that were shown already. They are not shown again when the update reports the same messages as its preview. */
  private readonly noted = new Set<string>();
  /**
   * URNs of resources that AWS had created, but whose creation seemed to fail because AWS's answer was lost. Each resource is adopted only
   * once per run.
   */
  private readonly adopted = new Set<string>();
  /**
   * URNs of resources that AWS had deleted, but whose deletion seemed to fail because AWS's answer was lost. Each resource is refreshed
   * only once per run.
   */
  private readonly gone = new Set<string>();

  private constructor(
    readonly options: DriverOptions,
    readonly stack: Stack,
    private readonly record: Readonly<Record<string, string>>,
  ) {}

  /**
   * Opens the stack.
   *
   * @param create whether to create an empty stack if only its file exists.
   * @throws StackNotFoundError; Error if there are two sources of AWS credentials, if the Pulumi engine is older than the SDK, or if `create` is set and the stack's file is missing.
   */
  static async open(options: DriverOptions, create: boolean): Promise<DriverRun> {
    refuseConflictingSources();
    const { stack: stackName, workDir } = options;
    const pulumiCommand = await PulumiCommand.get({ root: session });
    refuseOldEngine(pulumiCommand.version?.version, sdkVersion);
    const record = recordDriver({ stack: stackName, workDir });
    const workspace = { pulumiCommand, envVars: { ...record, TMPDIR: engineDirectory() } };
    const args = { stackName, workDir };
    if (!create) return new DriverRun(options, await LocalWorkspace.selectStack(args, workspace), record);
    // A mistyped name must not create an empty stack.
    await refuseAbsentFile(stackName, workDir, pulumiCli(stackName, workDir, { program: sessionPulumi, environment: record }));
    return new DriverRun(options, await LocalWorkspace.createOrSelectStack(args, workspace), record);
  }

  get elapsedMs(): number {
    return Date.now() - this.began;
  }

  say(text: string): void {
    this.options.display.say(text, this.elapsedMs);
  }

  private note(event: EngineEvent): void {
    const text = noteIn(event);
    if (text === undefined || this.noted.has(text)) return;
    this.noted.add(text);
    this.say(text);
  }

  /** Runs single Pulumi commands on the stack. */
  get pulumi() {
    return pulumiCli(this.options.stack, this.options.workDir, { program: sessionPulumi, environment: this.record });
  }

  /** A configuration value of the stack. For a key of this project, `key` does not contain the project's name. */
  async configured(key: string): Promise<string | undefined> {
    const { name } = await this.stack.workspace.projectSettings();
    const values = await this.allConfiguration();
    return values[key.includes(":") ? key : `${name}:${key}`]?.value;
  }

  private allConfiguration(): Promise<Partial<ConfigMap>> {
    return (this.configuration ??= this.stack.getAllConfig());
  }

  /** Runs an operation of the Pulumi engine with the policy pack: a violated policy fails the operation. */
  async underPolicy<Result>(operation: (pack: PackOptions) => Promise<Result>): Promise<Result> {
    const configuration = await this.allConfiguration();
    refuseWrongConfiguration(configuration, this.options.stack, this.options.workDir);
    return withPack(this.options.workDir, valuesOf(configuration), operation);
  }

  /**
   * Recovers the stack from a killed or failed update, then does the work.
   *
   * @throws Error, before anything is changed, if the AWS credentials do not work or belong to another account than the stack's resources
   */
  async afterRecovery<Result>(work: () => Promise<Result>): Promise<Result> {
    const region = (await this.configured("aws:region")) ?? process.env.AWS_REGION;
    if (region === undefined) {
      throw new Error(`the stack ${this.options.stack} has no region: pulumi config set --stack ${this.options.stack} aws:region <region>`);
    }
    await refuseOtherAccount(JSON.parse(await this.pulumi(["stack", "export"])) as ExportedState, region);
    const account = new AwsAccount(region);
    this.account = account;
    for (let attempt = 0; ; attempt++) {
      try {
        const { begun, adopted, reread } = await recover(this.pulumi, account);
        if (begun > 0)
          this.say(`the last update was killed: ${begun} creations were open, ${adopted.length} of them are adopted if they exist in AWS`);
        if (reread.length > 0)
          this.say(`the last update failed: ${reread.map(resourceName).join(", ")} may be incomplete and was read again from AWS`);
        const result = await work();
        forgetDrivers(this.options);
        return result;
      } catch (error) {
        const holders = lockHolders(error);
        if (holders.length === 0 || attempt > 1) throw error;
        for (const holder of holders) {
          await endInterrupted(holder, this.options.stack, (text) => {
            this.say(text);
          });
        }
        await this.pulumi(["cancel", "--yes"]);
        this.say("the last update was killed: its lock was removed");
      }
    }
  }

  /**
   * Runs one operation of the Pulumi engine and shows its phases.
   *
   * @returns true if the operation failed because AWS had created or deleted a resource, but its answer was lost. In this case the
   *   state has been corrected, and the operation can be repeated.
   * @throws CancelledByUser; Error that names each failed resource once, with a fix for each error of AWS.
   */
  async operate(
    planned: ReadonlyMap<UpdatePhase, number>,
    operation: (engine: { readonly onEvent: (event: EngineEvent) => void; readonly signal: AbortSignal }) => Promise<unknown>,
  ): Promise<boolean> {
    const { display } = this.options;
    const progress = new UpdateProgress(planned, () => this.elapsedMs);
    const tick = setInterval(() => {
      display.show([], progress.phases, this.elapsedMs);
    }, 1000);
    const creations = new Map<string, StateResource>();
    try {
      await operation({
        signal: this.signalOfCommand(),
        onEvent: (event) => {
          this.note(event);
          const step = event.resourcePreEvent?.metadata;
          if (step?.op === "create" && step.new !== undefined) creations.set(step.urn, step.new);
          const progressEvents = progress.observe(event);
          if (progressEvents.length > 0) display.show(progressEvents, progress.phases, this.elapsedMs);
        },
      });
      return false;
    } catch (error) {
      if (await this.adoptExisting(progress, creations)) return true;
      if (await this.forgetDeleted(progress)) return true;
      throw await this.withCredentialsProblem(this.failure(error, progress));
    } finally {
      clearInterval(tick);
      display.show(progress.end(), progress.phases, this.elapsedMs);
      display.end();
    }
  }

  /**
   * A signal for one command of the Pulumi engine. The SDK adds a listener to the signal with each command and never removes it, and Node.js warns of
   * the eleventh listener.
   */
  private signalOfCommand(): AbortSignal {
    return AbortSignal.any([this.options.signal]);
  }

  /**
   * Adopts the resources that AWS refuses to create because they exist already. Returns whether it adopted a resource; each resource is adopted only
   * once.
   */
  private async adoptExisting({ failures }: UpdateProgress, creations: ReadonlyMap<string, StateResource>): Promise<boolean> {
    if (this.options.signal.aborted || this.account === undefined) return false;
    const failed = urnsOf(failures, saysExists).flatMap((urn) => (this.adopted.has(urn) ? [] : (creations.get(urn) ?? [])));
    if (failed.length === 0) return false;
    try {
      const { adopted } = await recover(this.pulumi, this.account, failed);
      for (const urn of adopted) this.adopted.add(urn);
      if (adopted.length > 0)
        this.say(`AWS has created ${adopted.map(resourceName).join(", ")}, but its answer was lost: adopted into the state`);
      return adopted.length > 0;
    } catch (error) {
      // This error is not thrown: it would hide why the update failed.
      const names = failed.map(({ urn }) => resourceName(urn)).join(", ");
      this.say(`AWS may have created ${names}, but its answer was lost, and looking for the resource failed: ${messageOf(error)}`);
      return false;
    }
  }

  /**
   * Refreshes the resources that AWS could not find when the engine deleted them, so that they are removed from the state. Returns whether
   * it read a resource; each resource is read only once.
   */
  private async forgetDeleted({ failures }: UpdateProgress): Promise<boolean> {
    if (this.options.signal.aborted) return false;
    const urns = urnsOf(failures, saysGone).filter((urn) => !this.gone.has(urn));
    if (urns.length === 0) return false;
    for (const urn of urns) this.gone.add(urn);
    const names = urns.map(resourceName).join(", ");
    try {
      await this.pulumi(["refresh", "--yes", "--skip-preview", ...urns.flatMap((urn) => ["--target", urn])]);
      this.say(`AWS has deleted ${names}, but its answer was lost`);
      return true;
    } catch (error) {
      // This error is not thrown: it would hide why the deletion failed.
      this.say(`AWS may have deleted ${names}, but its answer was lost, and reading the resource failed: ${messageOf(error)}`);
      return false;
    }
  }

  /** AWS creates a resource twice if its first answer is lost. Deletes the duplicate, and prints a line for each. */
  async removeDuplicates(): Promise<void> {
    if (this.account === undefined) return;
    const state = JSON.parse(await this.pulumi(["stack", "export"])) as StackState;
    for (const line of await removeDuplicates(state, this.account)) this.say(line);
  }

  /**
   * Adds the reason to a failure that has no explanation, if AWS does not accept the credentials any more. openshift-install does not
   * report this reason: if AWS refuses a call because the credentials have expired, openshift-install repeats the call up to 25 times
   * (openshift/installer, `pkg/asset/installconfig/aws/session.go`), until the time limit of the step is over.
   */
  private async withCredentialsProblem(failure: unknown): Promise<unknown> {
    if (!(failure instanceof Error) || failure instanceof CancelledByUser || lockHolders(failure).length > 0) return failure;
    if (this.account === undefined || /^Fix: /m.test(failure.message)) return failure;
    const problem = await credentialsProblem(this.account.region);
    return problem === undefined ? failure : new Error(`${failure.message}\n\n${problem}`, { cause: failure });
  }

  private failure(error: unknown, progress?: UpdateProgress): unknown {
    if (this.options.signal.aborted) return new CancelledByUser();
    const failures = progress?.failures ?? [];
    if (failures.length === 0 || lockHolders(error).length > 0) return error;
    return new Error(failureText(failures));
  }

  /** Runs a preview and returns its events: the changes that an `up` would make. */
  async preview(): Promise<EngineEvent[]> {
    const events: EngineEvent[] = [];
    const progress = new UpdateProgress(new Map(), () => this.elapsedMs);
    try {
      await this.underPolicy((pack) =>
        this.stack.preview({
          ...pack,
          signal: this.signalOfCommand(),
          onEvent: (event) => {
            events.push(event);
            this.note(event);
            progress.observe(event);
          },
        }),
      );
    } catch (error) {
      throw this.failure(error, progress);
    }
    return events;
  }
}

/** The resources whose failure has such a message, each once. */
function urnsOf(failures: readonly EngineFailure[], says: (message: string) => boolean): string[] {
  return [...new Set(failures.flatMap(({ urn, message }) => (urn !== undefined && says(message) ? [urn] : [])))];
}
