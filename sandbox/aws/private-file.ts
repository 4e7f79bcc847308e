import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** Writes a file that only its owner can read, whole or not at all: a reader never sees half of it. */
export function writePrivately(file: string, content: string): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}

/** Makes a directory that only its owner can enter. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** What a file of JSON says; undefined where there is none. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what its own file holds
export function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}
