import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseConfiguration } from "../config/parse";
import { packOf } from "./policy/pack";
import type { RunPulumi } from "../lib/pulumi/cli";

/** A value of a stack's configuration, as the Pulumi engine returns it. */
interface Entry {
  readonly value?: string;
  readonly secret?: boolean;
}

type Entries = Readonly<Record<string, Entry | undefined>>;

/**
 * Values by key, secrets included, from the output of `pulumi config --json --show-secrets`. They are the same values that the Pulumi program gets
 * from the Pulumi engine.
 */
export function configurationValues(printed: string): Readonly<Record<string, string | undefined>> {
  return valuesOf(JSON.parse(printed) as Entries);
}

/** Values by key, from the entries of the Pulumi engine or the automation API. */
export function valuesOf(entries: Entries): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, entry?.value]));
}

/**
 * Checks the configuration before the Pulumi engine starts. Otherwise, if the configuration is wrong, the engine would also report that the
 * policy pack has no settings: the pack's settings are computed from a valid configuration.
 *
 * @param entries by key, as `pulumi config --json --show-secrets` prints them.
 * @throws ConfigurationError with all problems, and fixes for this stack.
 */
export function refuseWrongConfiguration(entries: Entries, stack: string, workDir: string): void {
  if (packOf(workDir) === undefined) return; // not this project
  parseConfiguration(valuesOf(entries), { isSecret: (key) => entries[key]?.secret === true, stack });
}

/** Name of a stack's configuration file. The stack's name may contain organization and project. */
export function stackFile(stack: string): string {
  return `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`;
}

/**
 * Checks that a stack's configuration file exists. Without the file Pulumi uses an empty configuration: every required key would be missing, and
 * `pulumi config` would write a new file with a new salt for the secrets.
 *
 * @throws Error that names the file, and also the stack if it does not exist
 */
export async function refuseAbsentFile(stack: string, workDir: string, pulumi: RunPulumi): Promise<void> {
  if (existsSync(join(workDir, stackFile(stack)))) return;
  try {
    await pulumi(["stack", "--show-name"]); // reads no configuration
  } catch (error) {
    if (/\bno stack named\b/.test(String(error))) throw new Error(absentStack(stack), { cause: error });
    throw error;
  }
  throw new Error(absentFile(stack));
}

/** The error message if neither a stack nor its file exists. */
export function absentStack(stack: string): string {
  const file = stackFile(stack);
  return `Problem: neither the stack ${stack} nor its file ${file} exists.\nFix: Check the name: "pulumi stack ls" lists the stacks. For a new stack, cp examples/Pulumi.ha.yaml ${file}, fill it in, and run the same command again.`;
}

/** The error message if a stack exists, but its file does not. */
export function absentFile(stack: string): string {
  return `Problem: the file ${stackFile(stack)} of the stack ${stack} is missing.\nFix: Restore it from version control, and run the same command again.`;
}
