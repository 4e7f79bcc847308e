import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { selected } from "./glob";
import { assetArchive, fileAsset, type Value } from "./value";

/**
 * All files below a directory, relative to it, sorted. Links are listed as files; links to directories are not followed, as in Go's
 * `fs.WalkDir`.
 */
function files(directory: string, below = ""): readonly string[] {
  return readdirSync(posix.join(directory, below), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = posix.join(below, entry.name);
      return entry.isDirectory() ? files(directory, path) : [path];
    });
}

interface Found {
  readonly path: string;
  readonly asset: Value;
  readonly hash: string;
}

/**
 * The files that the rules select, each with the hash of its content. A link to a directory can't be read and causes an error, as in Go.
 */
function found(directory: string, rules: readonly string[]): readonly Found[] {
  return selected(files(directory), rules).map((path) => {
    const file = posix.join(directory, path);
    if (statSync(file).isDirectory()) throw new Error(`read ${file}: is a directory`);
    const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
    return { path, asset: fileAsset(file, hash), hash };
  });
}

/** The `assets` output: the selected files by their path relative to the command's directory. */
export function assets(directory: string, rules: readonly string[]): Value {
  return Object.fromEntries(found(directory, rules).map(({ path, asset }) => [path, asset]));
}

/**
 * The `archive` output: one archive of the selected files. Its hash changes with any name or content, but differs from the vendor's (of a
 * tar file).
 */
export function archive(directory: string, rules: readonly string[]): Value {
  const members = found(directory, rules);
  const hash = createHash("sha256")
    .update(JSON.stringify(members.map(({ path, hash }) => [path, hash])))
    .digest("hex");
  return assetArchive(Object.fromEntries(members.map(({ path, asset }) => [path, asset])), hash);
}
