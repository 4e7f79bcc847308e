import { randomBytes } from "node:crypto";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Writes a file that only its owner can read. The write is atomic: a reader never sees a part of it. An existing file is replaced by a new file,
 * because an overwritten file would keep its old mode. A path that is not a regular file, such as `/dev/stdout`, is written to directly.
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
