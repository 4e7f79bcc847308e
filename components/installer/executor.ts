import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";

/**
 * AWS credentials of whoever runs Pulumi. `session`: they end within hours. `lasting`: as they are, for a cluster that is installed with them (credentials
 * modes mint and passthrough).
 */
export type AwsAccess = "session" | "lasting";

/** One run of the real installer: a script, what it reads, and what makes it run again. */
export interface Step {
  /**
   * Bash; reads its input from standard input, prints its answer on standard output and its progress on standard error. What it starts ends with it;
   * what has to go on belongs to systemd.
   */
  readonly script: string;
  /** Secret; never part of the command line. */
  readonly input: pulumi.Input<string>;
  /** Plain values for the script; never secret. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the script asks AWS with, wherever it runs: see {@link AwsAccess}. @default nothing: it asks AWS nothing */
  readonly aws?: AwsAccess;
  /** Values of which a change makes the step run again. */
  readonly triggers: readonly pulumi.Input<string>[];
  /** Whether what the step answered stays, whatever changes: a running cluster's certificates can't be made again. */
  readonly frozen: boolean;
  /** Whether what the step prints on standard error is shown while it runs; not for steps that may print a secret. */
  readonly progress?: boolean;
  /** Whole seconds after which the script is ended with all that it started, and the step fails; {@link DEFAULT_TIMEOUT_SECONDS} unless given. */
  readonly timeoutSeconds?: number;
}

/** A step that was declared. */
export interface DeclaredStep {
  /** Stands when the step has ended well. */
  readonly resource: pulumi.Resource;
  /** Its standard output; secret. */
  readonly answer: pulumi.Output<string>;
  /** The triggers with which it ran last, as the state has them; undefined where an update leaves the step out. */
  readonly triggers: pulumi.Output<readonly string[] | undefined>;
}

/** Answer of a step that ran at once, or the reason why it could not run. */
export type Answer = { readonly answer: string } | { readonly failure: string };

/** This project's choice: what the installer computes by itself takes seconds. A step that waits or downloads says its own limit. */
export const DEFAULT_TIMEOUT_SECONDS = 900;

const supervisor = readFileSync(join(__dirname, "scripts", "supervise.sh"), "utf8");

/**
 * What a step's shell, started as `bash -s`, gets on its standard input: the script as one compound command, which bash
 * reads whole before it runs it, and then the input, which the script reads. So neither stands in a command line, in an
 * error message or in a file, here or over ssh.
 */
export function shellInput(script: string, input: string): string {
  return `{\n${script}\nexit 0\n}\n${input}`;
}

/**
 * What the shell that supervises a step gets on its standard input: `scripts/supervise.sh`, and then what the step's own shell gets.
 *
 * @param environment variables that the step's shell can't be given otherwise; any text is quoted.
 * @throws Error for a variable that no shell could have, and for a time limit that is not a whole number of seconds.
 */
export function supervisedInput(
  { script, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, progress = false }: Pick<Step, "script" | "timeoutSeconds" | "progress">,
  input: string,
  environment: Readonly<Record<string, string>> = {},
): string {
  // To `timeout` 0 would mean no limit.
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1)
    throw new Error(`a step's time limit is ${timeoutSeconds}, but has to be a whole number of seconds from 1 on`);
  const variables = Object.entries(environment).map(([name, value]) => `export ${variable(name)}=${quoted(value)}`);
  return shellInput([...variables, `limit=${timeoutSeconds}`, `progress=${progress}`, supervisor].join("\n"), shellInput(script, input));
}

function variable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new Error(
    `${JSON.stringify(name)} is no name of an environment variable: letters, digits and underscores only, and no digit first`,
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Where the installer's steps run. */
export interface Executor {
  /** Declares the step as a resource. A failed step's error ends with the script's last lines. */
  run(name: string, step: Step, opts: pulumi.CustomResourceOptions): DeclaredStep;

  /** Runs a step in a preview, which runs no resource; for steps that change nothing. */
  answerNow(name: string, step: Step): Promise<Answer>;
}
