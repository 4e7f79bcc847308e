import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Connection, LONGEST_DIALING_SECONDS } from "./connection";
import {
  type Answer,
  type AwsAccess,
  DEFAULT_TIMEOUT_SECONDS,
  type DeclaredStep,
  type Executor,
  type Step,
  supervisedInput,
} from "./executor";

/** Seconds for what the supervisor takes to end a script, and for the answer's way. */
const GRACE_SECONDS = 60;

export interface SshExecutorOptions {
  /** What must stand before the first step. */
  readonly after?: readonly pulumi.Resource[];
  /** Variables for every step, such as the host's proxy; no secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables for steps that ask AWS; secret, as is what is made of them. Asked for when the step begins. */
  readonly credentials?: (access: AwsAccess) => Promise<Record<string, string>>;
}

/**
 * Runs steps on the installer host, over ssh, as the local executor runs them here; the host needs bash, coreutils and util-linux 2.33. The host may
 * still be booting: see `PATIENCE`. A changed connection makes the steps run again, unless they are frozen.
 */
export class SshExecutor implements Executor {
  constructor(
    private readonly connection: pulumi.Input<Connection>,
    private readonly options: SshExecutorOptions = {},
  ) {}

  run(name: string, step: Step, opts: pulumi.CustomResourceOptions): DeclaredStep {
    // The plugin limits neither the handshake with a server that says nothing nor a bastion's attempts to reach the host.
    const whole = `${LONGEST_DIALING_SECONDS + (step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) + GRACE_SECONDS}s`;
    const resource = new command.remote.Command(
      name,
      {
        connection: pulumi.secret(this.connection),
        // The kernel ends it when the server's process for this connection does: sshd itself lets commands go on when a connection is lost.
        create: `exec setpriv --pdeathsig TERM bash -s -- ${name}`,
        // Variables, too: a server accepts few by their names (AcceptEnv).
        stdin: pulumi
          .all([pulumi.secret(step.input), { ...this.options.environment, ...step.environment }, pulumi.secret(this.credentials(step))])
          .apply(([input, environment, more]) => supervisedInput(step, input, { ...environment, ...more })),
        triggers: [...step.triggers],
        // The answer holds the cluster's keys: neither shown nor handed to the next run.
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
    // An update that leaves the step out (`--target`, `--exclude`) knows of no answer.
    const answer = resource.stdout.apply((text?: string) => text ?? "");
    return { resource, answer, triggers: resource.triggers as pulumi.Output<string[] | undefined> };
  }

  answerNow(): Promise<Answer> {
    return Promise.resolve({ failure: "with executor ssh the installer host is asked in the update only." });
  }

  /**
   * The step's AWS credentials. They are asked for only when all that the step waits for is there, which may take hours, and never for a preview or for a
   * frozen step, which does not run.
   */
  private credentials({ aws, frozen, input }: Step): pulumi.Input<Record<string, string>> {
    const { credentials, after = [] } = this.options;
    if (aws === undefined || credentials === undefined || frozen) return {};
    if (pulumi.runtime.isDryRun() && aws === "session") return {};
    return pulumi.all([input, ...after.map(({ urn }) => urn)]).apply(() => credentials(aws));
  }
}
