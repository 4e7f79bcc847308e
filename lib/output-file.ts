import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "./aws/errors";
import { writePrivately } from "./private-file";

/**
 * Checks that a command can write its output file, before the command does its work.
 *
 * @param file as the user wrote it; empty for standard output.
 * @throws Error with the problem and its fix
 */
export function refuseUnwritable(file: string): void {
  if (file === "") return;
  const refuse = (problem: string, fix: string) =>
    new Error(`Problem: OUT=${file}: ${problem}.\nFix: ${fix}. Then run the same command again.`);
  const directory = dirname(file);
  const parent = statSync(directory, { throwIfNoEntry: false });
  if (parent === undefined) throw refuse(`the directory ${directory} does not exist`, "Create it (mkdir -p), or name another file");
  if (!parent.isDirectory()) throw refuse(`${directory} is not a directory`, "Name another file");
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw refuse("this is a directory", "Name a file in it");
  if (found !== undefined && !found.isFile()) return; // such as /dev/stdout
  try {
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw refuse(`the directory ${directory} is not writable: ${messageOf(error)}`, "Name a file in another directory");
  }
}

/**
 * Writes a command's output to standard output, or to a file. Only the file's owner can read it, because the output shows how the cluster is reached.
 */
export function writeOutput(file: string, content: string): void {
  if (file === "") {
    process.stdout.write(content);
    return;
  }
  writePrivately(file, content);
  process.stderr.write(`Written: ${file}\n`);
}
