import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";

/**
 * Reads JSON from a file.
 *
 * @throws Error that names the file, if its content is not JSON.
 */
export function jsonOf(file: string): unknown {
  return parseJson(readFileSync(file, "utf8"), file);
}

/** Reads JSON from a file, or from standard input if the file is `-`. */
export async function jsonInput(file: string): Promise<unknown> {
  return file === "-" ? parseJson(await readAll(process.stdin), "standard input") : jsonOf(file);
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${origin} is not JSON`, { cause: error });
  }
}
