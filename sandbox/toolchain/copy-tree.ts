import { chmod, copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Copies a directory so that the copy can be changed and removed, even if the original is write-protected, as Go modules are. */
export async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await copyTree(source, target);
    } else if (entry.isFile()) {
      await copyFile(source, target);
      await chmod(target, 0o644);
    }
  }
}
