import type { ProgramName } from "../steps/run";

/**
 * Interpreter with which `local.Command` starts one of this project's programs (`steps/run.ts`). No shell is involved. The command's text is
 * JSON and becomes the program's last argument, so it must hold no secret. The alternative, a dynamic provider, would load the AWS SDK in every
 * preview (measured: 0.6 s). It would also keep a copy of the code in the state, where no new version of this project could correct it.
 *
 * The interpreter contains the program's name and not its file. So the file may move: a changed interpreter would make an existing stack run the
 * command again.
 */
export function ownProgram(name: ProgramName): string[] {
  return ["node", "-r", "ts-node/register/transpile-only", "steps/run.ts", name];
}
