/**
 * Interpreter with which `local.Command` starts one of this project's programs. No shell is involved. The command's text is JSON and
 * becomes the program's last argument, so it must hold no secret. A dynamic provider would load the AWS SDK in every preview (measured: 0.6
 * s) and keep a copy of the code in the state, where it is never corrected.
 *
 * @param path of the program below the project's root, from which Pulumi runs it.
 */
export function ownProgram(path: string): string[] {
  return ["node", "-r", "ts-node/register/transpile-only", path];
}
