import { existsSync, mkdirSync, readFileSync } from "node:fs";

export { writePrivately } from "../../operations/private-file";

/** Makes a directory that only its owner can enter. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** What a file of JSON says; undefined where there is none. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what its own file holds
export function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}
