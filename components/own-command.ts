import type { ProgramName } from "../steps/run";

/**
 * Interpreter with which `local.Command` starts one of this project's programs (`steps/run.ts`). No shell is involved. The command's text is JSON and
 * becomes the program's last argument, so it must hold no secret. A dynamic provider would load the AWS SDK in every preview (measured: 0.6
 * s) and keep a copy of the code in the state, where it is never corrected.
 *
 * The name stays when the program's file moves: another interpreter would run the command again in an existing stack.
 */
export function ownProgram(name: ProgramName): string[] {
  return ["node", "-r", "ts-node/register/transpile-only", "steps/run.ts", name];
}
