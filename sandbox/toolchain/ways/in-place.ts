import { join } from "node:path";
import type { Way } from "../tool";

/** A directory of this project, relative to `sandbox/`, that is used if no better way works. */
export function inProject(name: string, directory: string): Way {
  return { name, inPlace: () => join(__dirname, "..", "..", directory) };
}
