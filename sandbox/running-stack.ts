import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ProgramError } from "../lib/program-error";
import { writePrivately } from "./aws/private-file";

/** The stacks whose configuration fits the emulated account and whose secrets have the sandbox's passphrase. */
const stacks = ["dev", "services"] as const;

export type SandboxStack = (typeof stacks)[number];

const fileOf = (directory: string): string => join(directory, "stack");

/** The stack that runs in a sandbox. A sandbox without a record is an old one: it was started when there was only the dev stack. */
export function runningStack(directory: string): SandboxStack {
  const file = fileOf(directory);
  return existsSync(file) ? (readFileSync(file, "utf8").trim() as SandboxStack) : "dev";
}

/**
 * Checks that a stack may come up in a sandbox. The emulated account holds one stack, so that its inventory shows what a destroy leaves.
 *
 * @param wanted name of the stack. If empty: the running stack, or dev if none runs.
 * @param running whether a sandbox runs in the directory.
 * @returns the stack to bring up.
 * @throws ProgramError if there is no such stack, or a different stack is running.
 */
export function stackToBringUp(directory: string, wanted: string, running: boolean): SandboxStack {
  const current = running ? runningStack(directory) : undefined;
  if (wanted === "") return current ?? "dev";
  const stack = stacks.find((each) => each === wanted);
  if (stack === undefined) {
    throw new ProgramError(`the sandbox does not have a stack ${JSON.stringify(wanted)}. Allowed: ${stacks.join(", ")}`);
  }
  if (current !== undefined && current !== stack) {
    throw new ProgramError(
      `the sandbox runs the stack ${current}, and it can hold only one. ` +
        `Destroy that one first: make sandbox-down. Then: make sandbox STACK=${stack}`,
    );
  }
  return stack;
}

/** Records which stack runs in a sandbox, for the commands that act on the running stack. */
export function recordStack(directory: string, stack: SandboxStack): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writePrivately(fileOf(directory), `${stack}\n`);
}

export function forgetStack(directory: string): void {
  rmSync(fileOf(directory), { force: true });
}
