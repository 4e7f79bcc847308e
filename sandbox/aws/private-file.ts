import { existsSync, mkdirSync, readFileSync } from "node:fs";

export { writePrivately } from "../../lib/private-file";

/** Creates a directory that only its owner can enter. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** Parses a JSON file; undefined if it does not exist. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what its own file holds
export function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}
