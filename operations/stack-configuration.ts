import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseConfiguration } from "../config/parse";
import { packOf } from "./policy/pack";
import type { RunPulumi } from "./recovery/recover";

/** A value of a stack's configuration, as the engine has it. */
interface Entry {
  readonly value?: string;
  readonly secret?: boolean;
}

type Entries = Readonly<Record<string, Entry | undefined>>;

/** Values by key, secrets among them, of what `pulumi config --json --show-secrets` printed: as the program gets them from the engine. */
export function configurationValues(printed: string): Readonly<Record<string, string | undefined>> {
  return valuesOf(JSON.parse(printed) as Entries);
}

/** Values by key of what the engine or the automation API knows of each. */
export function valuesOf(entries: Entries): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, entry?.value]));
}

/**
 * Refuses a wrong configuration before the engine starts. Under the policy pack the engine would report, besides the problems, that the pack has no settings, since these come from a sound configuration.
 *
 * @param entries by key, as `pulumi config --json --show-secrets` prints them.
 * @throws ConfigurationError with everything that is wrong, and fixes for this stack.
 */
export function refuseWrongConfiguration(entries: Entries, stack: string, workDir: string): void {
  if (packOf(workDir) === undefined) return; // another project than this one
  parseConfiguration(valuesOf(entries), { isSecret: (key) => entries[key]?.secret === true, stack });
}

/** The file of a stack's configuration; a stack may be named with its organization and project. */
export function stackFile(stack: string): string {
  return `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`;
}

/**
 * Refuses a stack without its file. Pulumi would take that for an empty configuration: every key that is needed would be missing, and `pulumi config` would
 * write a new file with the salt of its secrets.
 *
 * @throws Error that names the file, and the stack if that is missing, too
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

/** What is said where neither a stack nor its file exists. */
export function absentStack(stack: string): string {
  const file = stackFile(stack);
  return `Problem: there is neither a stack ${stack} nor its file ${file}.\nFix: Check the name: "pulumi stack ls" lists the stacks. For a new one, cp examples/Pulumi.ha.yaml ${file}, fill it in, and run the same command again.`;
}

/** What is said where a stack exists, but not its file. */
export function absentFile(stack: string): string {
  return `Problem: the file ${stackFile(stack)} of the stack ${stack} is missing.\nFix: Restore it from version control, and run the same command again.`;
}
