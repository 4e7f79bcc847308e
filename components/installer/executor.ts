import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The AWS credentials that a step gets from the deployer. `temporary`: credentials that expire within hours. `permanent`: the deployer's credentials
 * unchanged, for a cluster that is installed with them (credentials modes mint and passthrough).
 */
export type AwsAccess = "temporary" | "permanent";

/** One run of the real installer: a script, its input, and the triggers that make it run again. */
export interface InstallerStep {
  /**
   * Bash script. It reads its input from standard input, and prints its answer on standard output and its progress on standard error.
   * Processes that it starts end with it; long-running ones belong to systemd.
   */
  readonly script: string;
  /** Standard input of the script; secret, and never part of the command line. */
  readonly input: pulumi.Input<string>;
  /** Environment variables for the script; never secret. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** AWS credentials of the script, wherever it runs: see {@link AwsAccess}. @default none: the script does not call AWS */
  readonly aws?: AwsAccess;
  /** Values whose change makes the step run again. */
  readonly triggers: readonly pulumi.Input<string>[];
  /** Whether the step keeps its answer whatever changes: the certificates of a running cluster cannot be generated again. */
  readonly frozen: boolean;
  /** Whether the step's standard error is shown while it runs; not for steps that may print a secret. */
  readonly progress?: boolean;
  /** Whole seconds after which the script and its processes are killed and the step fails. @default {@link DEFAULT_TIMEOUT_SECONDS} */
  readonly timeoutSeconds?: number;
}

/** A step that has been declared as a resource. */
export interface DeclaredStep {
  /** This resource is created when the step has succeeded. */
  readonly resource: pulumi.Resource;
  /** The step's standard output; secret. */
  readonly answer: pulumi.Output<string>;
  /** The triggers of the step's last run, as the state has them; undefined if an update leaves the step out. */
  readonly triggers: pulumi.Output<readonly string[] | undefined>;
}

/** Answer of a step that ran at once, or the reason why it failed. */
export type StepAnswer = { readonly answer: string } | { readonly failure: string };

/**
 * Default time limit of a step in seconds: the installer's own computations take seconds. Steps that wait or download
 * have their own time limit. This project's choice.
 */
export const DEFAULT_TIMEOUT_SECONDS = 900;

const supervisor = readFileSync(join(__dirname, "scripts", "supervise.sh"), "utf8");

/**
 * Standard input for a step's shell (`bash -s`): the script, then the script's input. The script is one compound command, so bash reads all
 * of it before it runs it. The script and its input are never part of a command line, an error message or a file, locally or over SSH.
 */
export function shellInput(script: string, input: string): string {
  return `{\n${script}\nexit 0\n}\n${input}`;
}

/**
 * Standard input for the shell that supervises a step: `scripts/supervise.sh`, followed by the standard input of the step's own shell.
 *
 * @param environment variables that cannot be passed to the step's shell in another way; values are quoted.
 * @throws Error for an invalid name of a variable, and for a time limit that is not a whole number of seconds.
 */
export function supervisedInput(
  { script, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, progress = false }: Pick<InstallerStep, "script" | "timeoutSeconds" | "progress">,
  input: string,
  environment: Readonly<Record<string, string>> = {},
): string {
  // For `timeout`, 0 would mean no limit.
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1)
    throw new Error(`a step's time limit is ${timeoutSeconds}, but must be a whole number of seconds, at least 1`);
  const variables = Object.entries(environment).map(([name, value]) => `export ${variable(name)}=${shellQuote(value)}`);
  return shellInput([...variables, `limit=${timeoutSeconds}`, `progress=${progress}`, supervisor].join("\n"), shellInput(script, input));
}

function variable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new Error(
    `${JSON.stringify(name)} is not a valid name of an environment variable: allowed are letters, digits and underscores, and the first must not be a digit`,
  );
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Runs the installer's steps on this machine or on the installer host. */
export interface Executor {
  /** Declares the step as a resource. A failed step's error ends with the script's last lines. */
  run(name: string, step: InstallerStep, opts: pulumi.CustomResourceOptions): DeclaredStep;

  /** Runs a step in a preview, which creates no resources; only for steps that change nothing. */
  answerNow(name: string, step: InstallerStep): Promise<StepAnswer>;
}
