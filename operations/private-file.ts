import { randomBytes } from "node:crypto";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Writes a file that only its owner can read, whole or not at all: a reader never sees half of it. A file that was there is replaced, since the mode of an existing
 * one would stay. What is no file, such as `/dev/stdout`, is written to.
 */
export function writePrivately(file: string, content: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
    writeFileSync(file, content);
    return;
  }
  const draft = `${file}.${randomBytes(8).toString("hex")}.draft`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
