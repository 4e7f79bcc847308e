import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type RemoteConnection, MAX_DIALING_SECONDS } from "./connection";
import {
  type StepAnswer,
  type AwsAccess,
  DEFAULT_TIMEOUT_SECONDS,
  type DeclaredStep,
  type Executor,
  type InstallerStep,
  supervisedInput,
} from "./executor";

/** Additional seconds for the supervisor to end a script and for the answer's transfer. */
const GRACE_SECONDS = 60;

export interface SshExecutorOptions {
  /** Resources that must exist before the first step. */
  readonly after?: readonly pulumi.Resource[];
  /** Environment variables for every step, such as the host's proxy; not secret. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Returns environment variables for steps that call AWS; secret, like everything derived from them. It is called when the step starts.
   */
  readonly credentials?: (access: AwsAccess) => Promise<Record<string, string>>;
}

/**
 * Runs steps on the installer host over SSH, in the same way as `LocalExecutor` runs them on this machine. The host needs bash, coreutils and
 * util-linux 2.33. The host may still be booting: see `DIAL_RETRIES`. A changed connection makes the steps run again, unless they are frozen.
 */
export class SshExecutor implements Executor {
  constructor(
    private readonly connection: pulumi.Input<RemoteConnection>,
    private readonly options: SshExecutorOptions = {},
  ) {}

  run(name: string, step: InstallerStep, opts: pulumi.CustomResourceOptions): DeclaredStep {
    // A time limit for the whole command: the plugin limits neither the handshake with a silent server nor a bastion's attempts to reach the
    // host.
    const whole = `${MAX_DIALING_SECONDS + (step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) + GRACE_SECONDS}s`;
    const resource = new command.remote.Command(
      name,
      {
        connection: pulumi.secret(this.connection),
        // The kernel ends the script when the server's process for this connection ends: sshd itself lets commands continue after a lost
        // connection.
        create: `exec setpriv --pdeathsig TERM bash -s -- ${name}`,
        // The input also carries the environment variables, because a server accepts few variables from a client (sshd_config(5), AcceptEnv).
        stdin: pulumi
          .all([pulumi.secret(step.input), { ...this.options.environment, ...step.environment }, pulumi.secret(this.credentials(step))])
          .apply(([input, environment, more]) => supervisedInput(step, input, { ...environment, ...more })),
        triggers: [...step.triggers],
        // The answer contains the cluster's keys: it is neither logged nor passed to the next run.
        logging: step.progress === true ? command.remote.Logging.Stderr : command.remote.Logging.None,
        addPreviousOutputInEnv: false,
      },
      pulumi.mergeOptions(
        { customTimeouts: { create: whole, update: whole } },
        pulumi.mergeOptions(opts, {
          dependsOn: [...(this.options.after ?? [])],
          additionalSecretOutputs: ["stdout"],
          ...(step.frozen && { ignoreChanges: ["connection", "create", "stdin", "triggers", "logging", "addPreviousOutputInEnv"] }),
        }),
      ),
    );
    // If an update leaves the step out (`--target`, `--exclude`), the command has no output.
    const answer = resource.stdout.apply((text?: string) => text ?? "");
    return { resource, answer, triggers: resource.triggers as pulumi.Output<string[] | undefined> };
  }

  answerNow(): Promise<StepAnswer> {
    return Promise.resolve({ failure: "with executor ssh only the update can run steps on the installer host." });
  }

  /**
   * The step's AWS credentials. They are requested only when all resources exist for which the step waits. That may take hours, and a session
   * lasts only one hour. A frozen step does not run and gets none. A preview requests no session.
   */
  private credentials({ aws, frozen, input }: InstallerStep): pulumi.Input<Record<string, string>> {
    const { credentials, after = [] } = this.options;
    if (aws === undefined || credentials === undefined || frozen) return {};
    if (pulumi.runtime.isDryRun() && aws === "temporary") return {};
    return pulumi.all([input, ...after.map(({ urn }) => urn)]).apply(() => credentials(aws));
  }
}
