import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";

/**
 * The JSON in a file.
 *
 * @throws Error naming the file, when it holds something else.
 */
export function jsonOf(file: string): unknown {
  return parsed(readFileSync(file, "utf8"), file);
}

/** The JSON in a file, or, for `-`, on standard input. */
export async function jsonInput(file: string): Promise<unknown> {
  return file === "-" ? parsed(await readAll(process.stdin), "standard input") : jsonOf(file);
}

function parsed(text: string, origin: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${origin} is not JSON`, { cause: error });
  }
}
